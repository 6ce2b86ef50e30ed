namespace CreditUsage.Core.Report;

/// <summary>What a month's usage can be narrowed to, each by name.</summary>
public sealed record FilterChoices(IReadOnlyList<FilterChoice> Staff, IReadOnlyList<FilterChoice> Clients, IReadOnlyList<FilterChoice> Programs, IReadOnlyList<FilterChoice> Devices)
{
    private static readonly StringComparer Labels = StringComparer.Create(Display.British, ignoreCase: true);

    internal static FilterChoices Of(NameDictionary names, ReportFilter filter, IEnumerable<int> staff, IEnumerable<int?> clients, IEnumerable<int> programs, IEnumerable<int?> devices)
    {
        var cards = clients.ToList();
        return new(
            List(NameKind.Staff, staff.Select(id => (int?)id)),
            [.. List(NameKind.Client, cards), .. cards.Contains(null) ? [new FilterChoice(RowFilter.NoClient, "Nobody (shared cards)")] : Array.Empty<FilterChoice>()],
            filter.ProgramsHidden ? [] : List(NameKind.Program, programs.Select(id => (int?)id)),
            List(NameKind.Device, devices));

        // Two of the same name are told apart by their ids, but not in a copy that says no more of them than codes.
        IReadOnlyList<FilterChoice> List(NameKind kind, IEnumerable<int?> ids)
        {
            var found = ids.Distinct().Select(id => names.Of(kind, id)).OfType<UsageName>().GroupBy(name => name.Owner, StringComparer.Ordinal)
                .Select(person => (person.Key, Label: kind == NameKind.Device ? $"{person.Key} {person.MaxBy(name => name.Id)!.Name}".TrimEnd() : person.MaxBy(name => name.Id)!.Name)).ToList();
            var shared = found.GroupBy(choice => choice.Label, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet(StringComparer.Ordinal);
            return [.. found.Select(choice => new FilterChoice(choice.Key, shared.Contains(choice.Label) && !filter.ForAccountant ? $"{choice.Label} ({choice.Key})" : choice.Label)).OrderBy(choice => choice.Label, Labels)];
        }
    }
}

/// <param name="Value">As the query string has it.</param>
/// <param name="Label">As a person reads it.</param>
public sealed record FilterChoice(string Value, string Label);

/// <summary>One list that a report is narrowed by.</summary>
/// <param name="Id">The name in the query string.</param>
/// <param name="All">What stands for no choice.</param>
/// <param name="Chosen">Null for no choice.</param>
public sealed record FilterChoiceList(string Id, string Label, string All, string? Chosen, IReadOnlyList<FilterChoice> From)
{
    /// <summary>One that is of no use in this month stays chosen, so that it can be seen and taken back.</summary>
    public IEnumerable<FilterChoice> Offered => Chosen is null || From.Any(choice => choice.Value == Chosen) ? From : From.Append(new FilterChoice(Chosen, $"{Chosen} (not in this month)"));
}
