using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Credits;

/// <summary>The query string of a statement as it came: the one way from a URL to a filter, for the page and its files.</summary>
public sealed record StatementInput(string? Year, string? Month, string? Basis)
{
    public static StatementInput From(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new StatementInput(query["year"], query["month"], query["basis"]);
    }

    /// <summary>The filter, or what is wrong. A bare URL is the last complete month by service date.</summary>
    public StatementFilter? Validate(ReportableMonths months, out IReadOnlyList<Problem> faults)
    {
        ArgumentNullException.ThrowIfNull(months);
        var found = new List<Problem>();
        faults = found;
        var month = Year is null && Month is null ? months.Default : AskedMonth.Read(Year, Month, months, found);
        if (Basis is not (null or "service" or "posting")) found.Add(new("basis", "Choose by service date or by posting instant."));
        return found.Count > 0 ? null : new StatementFilter(month, Basis == "posting" ? StatementBasis.Posting : StatementBasis.Service);
    }
}
