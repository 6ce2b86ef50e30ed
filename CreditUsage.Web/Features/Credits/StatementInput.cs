using System.Globalization;
using CreditUsage.Domain;

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
    public StatementFilter? Validate(ReportableMonths months, out IReadOnlyList<CreditsFault> faults)
    {
        ArgumentNullException.ThrowIfNull(months);
        var found = new List<CreditsFault>();
        faults = found;
        var month = Year is null && Month is null ? months.Default : ValidMonth(months, found);
        if (Basis is not (null or "service" or "posting")) found.Add(new("basis", "Choose by service date or by posting instant."));
        return found.Count > 0 ? null : new StatementFilter(month, Basis == "posting" ? StatementBasis.Posting : StatementBasis.Service);
    }

    private UsageMonth ValidMonth(ReportableMonths months, List<CreditsFault> faults)
    {
        var (year, month) = (Whole(Year, 1, 9998), Whole(Month, 1, 12));
        if (month is null) faults.Add(new("month", "Choose a month from January to December."));
        if (year is null) faults.Add(new("year", $"Choose a year from {months.First.Year} to {months.Current.Year}."));
        if (month is null || year is null) return default;
        var chosen = new UsageMonth(year.Value, month.Value);
        if (months.Refusal(chosen) is { } refusal) faults.Add(new("month", refusal));
        return chosen;
    }

    private static int? Whole(string? text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
}
