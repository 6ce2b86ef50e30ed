using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.ReportJobs;

/// <summary>The form that asks for several months at once, as it came.</summary>
/// <param name="From">The first month, such as "2026-09".</param>
/// <param name="To">The last month.</param>
public sealed record BatchInput(string? From, string? To, string? Sessions, string? TopUps)
{
    /// <summary>The form before anything was chosen.</summary>
    public static BatchInput Of(ReportableMonths months) => new(months?.Default.ToString(), months?.Default.ToString(), "true", "true");

    /// <summary>A filter for each month, or what is wrong.</summary>
    /// <param name="most">Months that can be asked for at once.</param>
    public IReadOnlyList<UsageReportFilter> Validate(ReportableMonths months, int most, out IReadOnlyList<Problem> faults)
    {
        ArgumentNullException.ThrowIfNull(months);
        var found = new List<Problem>();
        var (sessions, topUps) = (Sessions == "true", TopUps == "true");
        if (!sessions && !topUps) found.Add(new("sessions", "Select connected sessions, daily top-ups or both."));
        var (from, to) = (Month(From, "from", months, found), Month(To, "to", months, found));
        if (from > to) found.Add(new("to", "The last month is before the first. Choose a later one."));
        else if (to?.Number - from?.Number >= most) found.Add(new("to", $"At most {most} months can be asked for at once. Choose fewer."));
        faults = found;
        if (found.Count > 0 || from is null || to is null) return [];
        return [.. Enumerable.Range(from.Value.Number, to.Value.Number - from.Value.Number + 1).Select(number => new UsageReportFilter(UsageMonth.FromNumber(number), sessions, topUps, UsageSort.Default))];
    }

    private static UsageMonth? Month(string? text, string field, ReportableMonths months, List<Problem> faults)
    {
        var refusal = UsageMonth.TryParse(text, out var month) ? months.Refusal(month) : $"Choose a month from {months.First.Name} to {months.Current.Name}.";
        if (refusal is null) return month;
        faults.Add(new(field, refusal));
        return null;
    }
}
