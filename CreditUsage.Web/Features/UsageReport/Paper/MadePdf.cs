using CreditUsage.Platform.Pdf;

namespace CreditUsage.Features.UsageReport.Paper;

/// <summary>A report on paper. Dispose it when the file's bytes have been taken.</summary>
/// <param name="ContentSha256">Of the rows and totals that it shows, lower-case hexadecimal.</param>
public sealed record MadePdf(CreditUsageReport Report, string ContentSha256, PdfFile File) : IDisposable
{
    public void Dispose() => File.Dispose();
}
