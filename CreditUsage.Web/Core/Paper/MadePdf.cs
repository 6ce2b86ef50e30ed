using CreditUsage.Core.Report;
using CreditUsage.Platform.Pdf;

namespace CreditUsage.Core.Paper;

/// <summary>A report on paper. Dispose it when the file's bytes have been taken.</summary>
/// <param name="contentSha256">Null where nobody is going to keep it.</param>
public sealed class MadePdf(CreditUsageReport report, string? contentSha256, PdfFile file) : IDisposable
{
    public CreditUsageReport Report => report;

    /// <summary>The SHA-256 of the rows and totals that it shows, lower-case hexadecimal.</summary>
    /// <exception cref="InvalidOperationException">It was made without a seal.</exception>
    public string ContentSha256 => contentSha256 ?? throw new InvalidOperationException("A report without a seal is not kept.");

    public PdfFile File => file;

    public void Dispose() => File.Dispose();
}
