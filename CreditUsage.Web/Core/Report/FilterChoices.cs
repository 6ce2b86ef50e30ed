using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

public sealed record FilterChoices(IReadOnlyList<FilterChoice> Staff, IReadOnlyList<FilterChoice> Clients, IReadOnlyList<FilterChoice> Programs, IReadOnlyList<FilterChoice> Devices)
{
    private static readonly StringComparer Labels = StringComparer.Create(Display.British, ignoreCase: true);

    internal static async Task<FilterChoices> LoadAsync(CreditUsageDb db, ReportFilter filter, NameDictionary names, CancellationToken cancellation)
    {
        var found = await db.UsageEvents.AsNoTracking().Where(usage => usage.ReportMonth == filter.Month)
            .Select(usage => new { usage.StaffMemberId, usage.ClientId, usage.ProgramId, usage.TopUpDeviceId }).Distinct().ToListAsync(cancellation);
        var clients = List(NameKind.Client, found.Select(ids => ids.ClientId));
        return new(
            List(NameKind.Staff, found.Select(ids => (int?)ids.StaffMemberId)),
            found.Exists(ids => ids.ClientId is null) ? [.. clients, new FilterChoice(RowFilter.NoClient, RowFilter.NoClientLabel)] : clients,
            filter.ProgramsHidden ? [] : List(NameKind.Program, found.Select(ids => (int?)ids.ProgramId)),
            List(NameKind.Device, found.Select(ids => ids.TopUpDeviceId)));

        IReadOnlyList<FilterChoice> List(NameKind kind, IEnumerable<int?> ids)
        {
            var owners = ids.Distinct().Select(id => names.Of(kind, id)).OfType<UsageName>().GroupBy(name => name.Owner, StringComparer.Ordinal)
                .Select(names => (Id: names.Key, Label: NameDictionary.Title(kind, names.MaxBy(name => name.Id)!))).ToList();
            var namesakes = Namesakes.Of(filter, owners.Select(owner => owner.Label));
            return [.. owners.Select(owner => new FilterChoice(owner.Id, namesakes.Title(owner.Label, owner.Id))).OrderBy(choice => choice.Label, Labels)];
        }
    }
}

public sealed record FilterChoice(string Value, string Label);

public sealed record FilterChoiceList(string Id, string Label, string All, string? Chosen, IReadOnlyList<FilterChoice> From)
{
    /// <summary>A choice that is not in this month stays listed, so that it can be removed.</summary>
    public IEnumerable<FilterChoice> Offered => Chosen is null || From.Any(choice => choice.Value == Chosen) ? From : From.Append(new FilterChoice(Chosen, $"{Chosen} (not in this month)"));
}
