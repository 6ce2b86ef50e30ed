using CreditUsage.Core.Report;

namespace CreditUsage.Core.Paper;

/// <summary>Some whole pages of a billback, as one run of the engine makes them.</summary>
/// <param name="FirstPage">The number of the first of them in the whole document, from 1.</param>
/// <param name="PageCount">Pages of the whole document.</param>
public sealed record BillbackDocument(BillbackReport Billback, IReadOnlyList<BillbackPage> Pages, int FirstPage, int PageCount, string PrintedBy, ReportSeal? Seal)
{
    public const string View = "/Core/Paper/_BillbackDocument.cshtml";

    /// <summary>The line under each page.</summary>
    public string Footer => PdfDocument.FooterOf(Billback.Report, PrintedBy, Seal);
}
