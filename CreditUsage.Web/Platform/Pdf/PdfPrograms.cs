using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

public sealed partial class PdfPrograms(IOptions<CreditUsageOptions> options)
{
    /// <summary>Older versions read the server's files into a PDF unless told not to (CVE-2020-21365).</summary>
    private static readonly Version Oldest = new(0, 12, 6);

    /// <summary>Turns in.html into out.pdf. Without the delay of 0 it waits 200 ms for scripts; the dead proxy keeps it from reaching anything.</summary>
    internal static IReadOnlyList<string> EngineArguments { get; } =
    [
        "-q", "--javascript-delay", "0", "--disable-javascript", "--disable-local-file-access", "--disable-plugins", "--no-images",
        "--proxy", "http://127.0.0.1:9", "--encoding", "utf-8", "-s", "A4", "-T", "0", "-B", "0", "-L", "0", "-R", "0", "in.html", "out.pdf",
    ];

    /// <summary>For a page with pictures, which are data: addresses; its own policy forbids any other.</summary>
    internal static IReadOnlyList<string> EngineArgumentsWithImages { get; } = [.. EngineArguments.Where(argument => argument != "--no-images")];

    internal string Wkhtmltopdf => Required(options.Value.Pdf.WkhtmltopdfPath ?? OnPath("wkhtmltopdf"), "wkhtmltopdf");

    internal static string Qpdf => Required(OnPath("qpdf"), "qpdf");

    internal static string PdfToText => Required(OnPath("pdftotext"), "pdftotext");

    /// <exception cref="PdfEngineVersionException">It is another program, or too old.</exception>
    internal static void ThrowUnlessUsable(string version)
    {
        var found = Engine().Match(version);
        if (found.Success && Version.Parse(found.Groups[1].Value) >= Oldest) return;
        throw new PdfEngineVersionException($"No PDF can be made: the server's PDF engine must be wkhtmltopdf {Oldest} or later, and it says something else. Use Print, or ask whoever runs the server to install it.");
    }

    internal static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program)).FirstOrDefault(File.Exists);

    private static string Required(string? path, string program) => path is not null && File.Exists(path)
        ? Path.GetFullPath(path)
        : throw new PdfException($"{program} is not installed on the server, so no PDF can be made. Use Print, or ask whoever runs the server to install it.");

    [GeneratedRegex(@"^wkhtmltopdf (\d+\.\d+\.\d+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Engine();
}
