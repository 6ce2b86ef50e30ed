using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

/// <summary>What a month's filters can be set to.</summary>
public sealed record FilterChoices(IReadOnlyDictionary<NameKind, IReadOnlyList<FilterChoice>> Lists)
{
    internal static readonly StringComparer Order = StringComparer.Create(Display.British, ignoreCase: true);

    internal static async Task<FilterChoices> LoadAsync(CreditUsageDb db, ReportFilter filter, NameDictionary names, CancellationToken cancellation)
    {
        var found = await db.UsageEvents.AsNoTracking().Where(usage => usage.ReportMonth == filter.Month)
            .Select(usage => new { usage.StaffMemberId, usage.ClientId, usage.ProgramId, usage.TopUpDeviceId }).Distinct().ToListAsync(cancellation);
        var clients = List(NameKind.Client, found.Select(ids => ids.ClientId));
        return new(new Dictionary<NameKind, IReadOnlyList<FilterChoice>>
        {
            [NameKind.Staff] = List(NameKind.Staff, found.Select(ids => (int?)ids.StaffMemberId)),
            [NameKind.Client] = found.Exists(ids => ids.ClientId is null) ? [.. clients, new FilterChoice(RowFilter.NoClient, RowFilter.NoClientLabel)] : clients,
            [NameKind.Program] = filter.ProgramsHidden ? [] : List(NameKind.Program, found.Select(ids => (int?)ids.ProgramId)),
            [NameKind.Device] = List(NameKind.Device, found.Select(ids => ids.TopUpDeviceId)),
        });

        IReadOnlyList<FilterChoice> List(NameKind kind, IEnumerable<int?> ids)
        {
            var owners = ids.Distinct().Select(id => names.Of(kind, id)).OfType<UsageName>().GroupBy(name => name.Owner, StringComparer.Ordinal)
                .Select(names => (Id: names.Key, Label: NameDictionary.Title(kind, names.MaxBy(name => name.Id)!))).ToList();
            var namesakes = Namesakes.Of(filter, owners.Select(owner => owner.Label));
            return [.. owners.Select(owner => new FilterChoice(owner.Id, namesakes.Title(owner.Label, owner.Id))).OrderBy(choice => choice.Label, Order)];
        }
    }

    /// <summary>Those that a typed name may mean: the one of that name, else all that contain it.</summary>
    public IReadOnlyList<FilterChoice> Matching(NameKind kind, string typed)
    {
        Func<FilterChoice, bool>[] ways =
        [
            choice => choice.Label == typed, choice => choice.Label.Equals(typed, StringComparison.OrdinalIgnoreCase), choice => NameSearch.Has(choice.Label, typed),
        ];
        return ways.Select(way => Lists[kind].Where(way).ToList()).FirstOrDefault(found => found.Count > 0) ?? [];
    }
}

public sealed record FilterChoice(string Value, string Label);

/// <summary>One filter as the form shows it: its values, and a list to add one from.</summary>
/// <param name="Typed">As it was sent, where it is not clear who is meant; <paramref name="Fault"/> says so.</param>
public sealed record FilterChoiceList(NameKind Kind, FilterValues Chosen, IReadOnlyList<FilterChoice> From, string? Typed, string? Fault)
{
    private const int MaxInList = 30;

    /// <summary>Whether there are so many that a name is typed.</summary>
    public bool IsTyped => From.Count > MaxInList;

    /// <summary>Also those that are not in this month, so that they can be removed.</summary>
    public IEnumerable<FilterChoice> Kept => Chosen.Select(value => From.FirstOrDefault(choice => choice.Value == value) ?? new FilterChoice(value, $"{value} (not in this month)")).OrderBy(choice => choice.Label, FilterChoices.Order);

    public IEnumerable<FilterChoice> Offered => From.Where(choice => !Chosen.Contains(choice.Value));
}
