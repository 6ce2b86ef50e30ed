using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

/// <summary>
/// Shares a month out among those who are billed. People are told apart by their own ids and not by their names: one who was renamed is one,
/// and two of the same name are two. Holds the month's rows in memory, since a group's rows lie all over it.
/// </summary>
public sealed class BillbackQuery(ReportQuery query, CreditUsageDb db)
{
    /// <summary>The report and its groups by title, nobody's last; every row is in exactly one. The snapshot has ended.</summary>
    public async Task<BillbackReport> RunAsync(ReportFilter filter, BillbackBy by, CancellationToken cancellation)
    {
        var report = await query.RunAsync(filter, cancellation);
        var rows = await query.RowsAsync(filter, cancellation).ToListAsync(cancellation);
        var owners = await OwnersAsync(filter, by, cancellation);
        await db.EndSnapshotAsync();
        var groups = rows.GroupBy(row => OwnerRow(row, by) is { } owner ? owners[owner] : null).Select(group => Group(group.Key, [.. group]));
        return new BillbackReport(report, by, Told([.. groups.OrderBy(group => group.Group.IsNobody).ThenBy(group => group.Group.Title, StringComparer.InvariantCulture)], filter));

        (string? Owner, BillbackGroup Group) Group(string? owner, IReadOnlyList<UsageRow> own) => (owner, new(owner is null ? "Nobody (shared cards)" : Title(own[^1], by), owner is null, own));
    }

    private static string Title(UsageRow row, BillbackBy by) => by switch { BillbackBy.Staff => row.Staff, BillbackBy.Client => row.ClientShown, _ => row.Program };

    private static int? OwnerRow(UsageRow row, BillbackBy by) => by switch { BillbackBy.Staff => row.StaffMemberId, BillbackBy.Client => row.ClientId, _ => row.ProgramId };

    /// <summary>Each name's row and whose name it is.</summary>
    private Task<Dictionary<int, string>> OwnersAsync(ReportFilter filter, BillbackBy by, CancellationToken cancellation) => by switch
    {
        // One group: which programs there are is what is hidden.
        BillbackBy.Program when filter.ProgramsHidden => db.Programs.ToDictionaryAsync(program => program.Id, _ => "", cancellation),
        BillbackBy.Staff => db.StaffMembers.Select(staff => new { staff.Id, Owner = staff.StaffId }).ToDictionaryAsync(staff => staff.Id, staff => staff.Owner, cancellation),
        BillbackBy.Client => db.Clients.Select(client => new { client.Id, Owner = client.ClientId }).ToDictionaryAsync(client => client.Id, client => client.Owner, cancellation),
        _ => db.Programs.Select(program => new { program.Id, Owner = program.Name }).ToDictionaryAsync(program => program.Id, program => program.Owner, cancellation),
    };

    /// <summary>Two of the same name get their ids beside it, but not in a copy that is to tell nobody by anything but codes.</summary>
    private static List<BillbackGroup> Told(IReadOnlyList<(string? Owner, BillbackGroup Group)> groups, ReportFilter filter)
    {
        if (filter.ForAccountant) return groups.Select(group => group.Group).ToList();
        var shared = groups.GroupBy(group => group.Group.Title, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet(StringComparer.Ordinal);
        return groups.Select(group => group.Owner is { } owner && shared.Contains(group.Group.Title) ? group.Group with { Title = $"{group.Group.Title} ({owner})" } : group.Group).ToList();
    }
}

/// <summary>A month, shared out. The groups' totals add up to the report's.</summary>
public sealed record BillbackReport(CreditUsageReport Report, BillbackBy By, IReadOnlyList<BillbackGroup> Groups)
{
    /// <summary>"Billback by staff member, October 2026 - connected sessions and daily top-ups".</summary>
    public string Caption => $"Billback by {By.Label().ToLowerInvariant()}, {Report.Filter.Month.Name} - {Report.Filter.Included}";
}
