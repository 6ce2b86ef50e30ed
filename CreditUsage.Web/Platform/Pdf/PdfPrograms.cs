using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>Where the programs are that PDFs are made with, and which engine will do.</summary>
public sealed partial class PdfPrograms(IOptions<CreditUsageOptions> options)
{
    /// <summary>Older ones read the server's files into a PDF unless told not to (CVE-2020-21365).</summary>
    private static readonly Version Oldest = new(0, 12, 6);

    /// <exception cref="PdfException">It is not there.</exception>
    internal string Wkhtmltopdf => Required(options.Value.Pdf.WkhtmltopdfPath ?? OnPath("wkhtmltopdf"), "wkhtmltopdf");

    /// <exception cref="PdfException">It is not there.</exception>
    internal static string Qpdf => Required(OnPath("qpdf"), "qpdf");

    /// <exception cref="PdfException">It is not there.</exception>
    internal static string PdfToText => Required(OnPath("pdftotext"), "pdftotext");

    /// <summary>The engine's answer to --version, if it is one that may be used.</summary>
    /// <exception cref="PdfEngineVersionException">It may not.</exception>
    internal static string Checked(string version)
    {
        var found = Engine().Match(version);
        if (found.Success && Version.Parse(found.Groups[1].Value) >= Oldest) return version;
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
