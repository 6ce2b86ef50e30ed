using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report;

/// <summary>Who and what cost most in a month, the most first. A person who was renamed is one.</summary>
public sealed record DearestNames(IReadOnlyList<NamedCost> Staff, IReadOnlyList<NamedCost> Programs)
{
    public const int Most = 5;

    internal static DearestNames Of(UsageMonth month, IReadOnlyList<NamedPart> parts)
    {
        var whole = ReportFilter.Whole(month);
        return new(
            Costs(parts.GroupBy(part => part.StaffId, StringComparer.Ordinal), part => part.StaffRow, part => part.StaffName, key => whole with { Rows = RowFilter.None with { Staff = [key] } }),
            Costs(parts.GroupBy(part => ProgramKey.Of(part.ProgramRow), StringComparer.Ordinal), part => part.ProgramRow, part => part.ProgramName, key => whole with { Rows = RowFilter.None with { Program = [key] } }));
    }

    private static IReadOnlyList<NamedCost> Costs(IEnumerable<IGrouping<string, NamedPart>> groups, Func<NamedPart, int> row, Func<NamedPart, string> name, Func<string, ReportFilter> filter)
    {
        var named = groups.Select(group => (group.Key, Name: name(group.MaxBy(row)!), Parts: group)).ToList();
        var namesakes = new Namesakes(named.Select(group => group.Name));
        return [.. named.Select(group => (group.Key, group.Name, Pence: group.Parts.Sum(part => part.Pence), Known: group.Parts.All(part => part.Unpriced == 0)))
            .OrderByDescending(group => group.Pence).ThenBy(group => group.Name, StringComparer.Ordinal).Take(Most)
            .Select(group => new NamedCost(namesakes.Title(group.Name, group.Key), group.Pence, group.Known, $"/usage-report{filter(group.Key).Query()}"))];
    }
}

/// <param name="Known">Whether every event has a price.</param>
/// <param name="Address">Of its report.</param>
public sealed record NamedCost(string Title, long KnownCostPence, bool Known, string Address)
{
    public long? CostPence => Known ? KnownCostPence : null;
}

/// <param name="Unpriced">Events without a price yet.</param>
internal sealed record NamedPart(int StaffRow, string StaffId, string StaffName, int ProgramRow, string ProgramName, long Pence, int Unpriced);
