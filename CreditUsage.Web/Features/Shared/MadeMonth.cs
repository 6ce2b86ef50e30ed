using CreditUsage.Domain;
using CreditUsage.Platform.Pdf;

namespace CreditUsage.Features.Shared;

/// <summary>What a month comes to, ready to be kept.</summary>
/// <param name="Rows">The report's JSON, every row and the totals.</param>
/// <param name="RowsSha256">Of <paramref name="Rows"/>, lower-case hexadecimal.</param>
/// <param name="CostPence">Null where money is withheld.</param>
/// <param name="AsAt">The instant of the rows.</param>
public sealed record MadeMonth(
    UsageMonth Month, int Version, PdfFile Pdf, byte[] Rows, string RowsSha256, int Events, int Corrections, long Credits, long? CostPence, DateTimeOffset AsAt) : IDisposable
{
    public string FileName => $"Credit Usage Report {Month} - {(Version == 1 ? "closed" : "restated")} v{Version}.pdf";

    public void Dispose() => Pdf.Dispose();
}
