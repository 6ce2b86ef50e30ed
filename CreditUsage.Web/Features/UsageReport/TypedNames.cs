using CreditUsage.Core;
using CreditUsage.Core.Report;

namespace CreditUsage.Features.UsageReport;

/// <summary>Adds the names that were typed into the form to the filter.</summary>
public static class TypedNames
{
    private const int MaxNamed = 5;

    /// <param name="faults">Each name that nobody has, or that may mean several.</param>
    public static ReportFilter Add(ReportFilter filter, ReportInput input, FilterChoices choices, out IReadOnlyList<Problem> faults)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(choices);
        var (rows, found) = (filter.Rows, new List<Problem>());
        foreach (var kind in NameKindLabels.All)
        {
            if (input.Typed(kind) is not { } typed) continue;
            var matching = choices.Matching(kind, typed);
            if (matching is [var only]) rows = rows.With(kind, [.. rows.Of(kind), only.Value]);
            else found.Add(new Problem(kind.Parameter(), Message(filter, kind, typed, matching)));
        }
        faults = found;
        return filter with { Rows = rows };
    }

    private static string Message(ReportFilter filter, NameKind kind, string typed, IReadOnlyList<FilterChoice> matching)
    {
        if (matching.Count == 0) return $"No {kind.Label().ToLowerInvariant()} of {filter.Month.Name} matches “{typed}”. Choose from the list.";
        var named = string.Join(", ", matching.Take(MaxNamed).Select(choice => choice.Label));
        var more = matching.Count > MaxNamed ? $" and {Display.Number(matching.Count - MaxNamed)} more" : "";
        return $"{Display.Number(matching.Count)} {kind.Plural()} match “{typed}”: {named}{more}. Enter more of the name, or choose from the list.";
    }
}
