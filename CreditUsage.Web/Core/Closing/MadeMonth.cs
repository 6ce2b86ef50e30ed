using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Pdf;

namespace CreditUsage.Core.Closing;

/// <summary>What a month comes to, ready to be kept.</summary>
/// <param name="Saved">The row of its PDF among the saved reports, not entered yet.</param>
/// <param name="RowsFolder">What the file with its rows was made in.</param>
/// <param name="RowsPath">The file with the report's JSON, every row and the totals.</param>
/// <param name="RowsSha256">Of that file, lower-case hexadecimal.</param>
/// <param name="AsAt">The instant of the rows.</param>
public sealed record MadeMonth(
    UsageMonth Month, int Version, PdfFile Pdf, SavedReport Saved, PdfJobFolder RowsFolder, string RowsPath, string RowsSha256, int Events, int Corrections, DateTimeOffset AsAt) : IDisposable
{
    public void Dispose()
    {
        Pdf.Dispose();
        RowsFolder.Dispose();
    }
}
