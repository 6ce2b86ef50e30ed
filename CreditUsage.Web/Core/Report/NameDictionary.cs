using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

/// <summary>The names of a subscription by row, read once per report. A person who was renamed has several.</summary>
internal sealed class NameDictionary
{
    private const string HiddenProgram = "Program hidden";

    private readonly Dictionary<(NameKind Kind, int Id), UsageName> _names;

    /// <summary>The names by which rows are found; of an edition those that it does not show any more.</summary>
    private readonly Dictionary<(NameKind Kind, int Id), UsageName> _sought;

    private NameDictionary(Dictionary<(NameKind Kind, int Id), UsageName> names, AnonymousNames? anonymous)
    {
        _sought = names;
        _names = anonymous is null ? names : names.ToDictionary(name => name.Key, name => anonymous.Of(name.Key.Kind, name.Value));
    }

    /// <param name="filter">Clients of an accountant's copy get codes for names.</param>
    public static async Task<NameDictionary> LoadAsync(CreditUsageDb db, ReportFilter filter, CancellationToken cancellation)
    {
        // One command for all four, since each command costs more than the few rows that it reads.
        var found = await db.StaffMembers.Select(staff => new { Kind = NameKind.Staff, staff.Id, Owner = staff.StaffId, staff.Name })
            .Concat(db.Clients.Select(client => new { Kind = NameKind.Client, client.Id, Owner = client.ClientId, client.Name }))
            .Concat(db.Programs.Select(program => new { Kind = NameKind.Program, program.Id, Owner = program.Name, program.Name }))
            .Concat(db.TopUpDevices.Select(device => new { Kind = NameKind.Device, device.Id, Owner = device.DeviceId, Name = device.IdentityNote }))
            .ToListAsync(cancellation);
        var names = found.ToDictionary(name => (name.Kind, name.Id), name => new UsageName(name.Id, name.Kind == NameKind.Program ? ProgramKey.Of(name.Id) : name.Owner, name.Name));
        if (filter.ForAccountant) HideClients(names);
        if (filter.ProgramsHidden) Replace(names, NameKind.Program, name => new UsageName(name.Id, "", HiddenProgram));
        return new NameDictionary(names, filter.ForAccountant ? null : filter.Edition?.Names);
    }

    public static string Title(NameKind kind, UsageName name) => kind == NameKind.Device ? $"{name.Owner} {name.Name}".TrimEnd() : name.Name;

    public UsageName? Of(NameKind kind, int? id) => id is { } row ? _names[(kind, row)] : null;

    public IEnumerable<UsageName> All(NameKind kind) => _names.Where(name => name.Key.Kind == kind).Select(name => name.Value);

    /// <summary>Of each owner.</summary>
    public IEnumerable<string> Latest(NameKind kind) => All(kind).GroupBy(name => name.Owner, StringComparer.Ordinal).Select(same => same.MaxBy(name => name.Id)!.Name);

    public string? Latest(NameKind kind, string owner) => All(kind).Where(name => name.Owner == owner).MaxBy(name => name.Id)?.Name;

    public IReadOnlyList<int> RowsOf(NameKind kind, IEnumerable<string> owners)
    {
        var wanted = owners.ToHashSet(StringComparer.Ordinal);
        return [.. _names.Where(name => name.Key.Kind == kind && wanted.Contains(name.Value.Owner)).Select(name => name.Key.Id)];
    }

    /// <summary>Rows whose name, or displayed id, contains a text, by the rules of <see cref="NameSearch"/>.</summary>
    public IReadOnlyList<int> Containing(NameKind kind, string text) => [.. _sought
        .Where(name => name.Key.Kind == kind && (NameSearch.Has(name.Value.Name, text) || (kind == NameKind.Device && NameSearch.Has(name.Value.Owner, text)))).Select(name => name.Key.Id)];

    /// <summary>The code takes the place of the id too, so that it is the key of groups, choices and addresses. A card's note often is its client's name, and is hidden with it.</summary>
    private static void HideClients(Dictionary<(NameKind Kind, int Id), UsageName> names)
    {
        var firsts = names.Where(name => name.Key.Kind == NameKind.Client).GroupBy(name => name.Value.Owner, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Min(client => client.Key.Id), StringComparer.Ordinal);
        Replace(names, NameKind.Client, name => Coded(name, ClientCode.Of(firsts[name.Owner])));
        Replace(names, NameKind.Device, name => name with { Name = "" });
    }

    private static UsageName Coded(UsageName name, string code) => name with { Owner = code, Name = code };

    private static void Replace(Dictionary<(NameKind Kind, int Id), UsageName> names, NameKind kind, Func<UsageName, UsageName> by)
    {
        foreach (var key in names.Keys.Where(key => key.Kind == kind).ToList()) names[key] = by(names[key]);
    }
}

internal sealed class Namesakes(IEnumerable<string> names)
{
    private readonly HashSet<string> _shared = names.GroupBy(name => name, StringComparer.Ordinal).Where(same => same.Skip(1).Any()).Select(same => same.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>Empty for an accountant's copy, which shows codes only.</summary>
    public static Namesakes Of(ReportFilter filter, IEnumerable<string> names) => new(filter.ForAccountant ? [] : names);

    /// <summary>"Jo King (S2)" where another person has the same name; else the name alone.</summary>
    public string Title(string name, string id) => _shared.Contains(name) ? $"{name} ({id})" : name;
}

public enum NameKind
{
    Staff,
    Client,
    Program,
    Device,
}

public static class NameKindLabels
{
    public static IReadOnlyList<NameKind> All { get; } = Enum.GetValues<NameKind>();

    /// <summary>Of the filter in addresses.</summary>
    public static string Parameter(this NameKind kind) => kind.ToString().ToLowerInvariant();

    public static string Label(this NameKind kind) => kind == NameKind.Staff ? "Staff member" : kind.ToString();

    public static string Plural(this NameKind kind) => kind == NameKind.Staff ? "staff members" : $"{kind.Parameter()}s";
}

/// <param name="Id">Its row.</param>
/// <param name="Owner">The person's or device's own id, or a client's code in an accountant's copy; a program's row.</param>
internal sealed record UsageName(int Id, string Owner, string Name);
