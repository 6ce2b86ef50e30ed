using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>Where the programs are that PDFs are made with, and which version of the engine.</summary>
public sealed class PdfPrograms(IOptions<CreditUsageOptions> options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _asking = new(1);
    private string? _version;
    private DateTimeOffset _askedAt;

    /// <exception cref="PdfException">It is not there.</exception>
    internal string Wkhtmltopdf => Required(options.Value.Pdf.WkhtmltopdfPath ?? OnPath("wkhtmltopdf"), "wkhtmltopdf");

    /// <exception cref="PdfException">It is not there.</exception>
    internal static string Qpdf => Required(OnPath("qpdf"), "qpdf");

    /// <summary>What the engine says of itself, such as "wkhtmltopdf 0.12.6"; asked at most once a minute, however many want to know.</summary>
    /// <exception cref="PdfException">It is not there or does not answer.</exception>
    public async Task<string> VersionAsync(CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation);
        try
        {
            if (_version is null || clock.GetUtcNow() - _askedAt > Fresh) (_version, _askedAt) = (await AskAsync(cancellation), clock.GetUtcNow());
            return _version;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task<string> AskAsync(CancellationToken cancellation)
    {
        using var folder = PdfJobFolder.Create(options.Value.DataFolder);
        var result = await new PdfTool(Wkhtmltopdf, ["--version"], folder.Path, Quick).RunAsync(cancellation);
        return result.ExitCode == 0 ? result.Output.Trim() : throw new PdfException($"wkhtmltopdf does not answer: it ended with {result.ExitCode}.");
    }

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program)).FirstOrDefault(File.Exists);

    private static string Required(string? path, string program) => path is not null && File.Exists(path)
        ? Path.GetFullPath(path)
        : throw new PdfException($"{program} is not installed on the server, so no PDF can be made. Use Print, or ask whoever runs the server to install it.");
}
