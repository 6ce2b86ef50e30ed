using CreditUsage.Core.Report;
using CreditUsage.Core.Report.Charts;

namespace CreditUsage.Core.Paper;

/// <summary>A month on paper by way of the browser: every row, whatever their number, as they come.</summary>
/// <param name="Rows">Every row of the report, in order.</param>
/// <param name="PrintedBy">An e-mail address, or what ran it.</param>
/// <param name="Style">The style sheet itself, for a file that stands alone; null where the page links it.</param>
public sealed record PrintDocument(CreditUsageReport Report, IAsyncEnumerable<UsageRow> Rows, string PrintedBy, string? Style = null)
{
    /// <summary>What comes before the table; null where there are no pictures.</summary>
    public PicturesSheet? Sheet { get; init; }

    /// <summary>Rows that are sent before more are read.</summary>
    public const int RowsAtOnce = 500;
}
