using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Privacy;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Anonymise;

/// <summary>Puts the codes into the database: names of clients, notes of cards, schedules and texts. Within a write, which is short: an event needs another row of a name only where others keep theirs.</summary>
internal sealed class ReplaceNames(CreditUsageDb db, WhoseNames who, CancellationToken cancellation)
{
    public async Task RunAsync()
    {
        foreach (var (row, client) in who.Names.Clients) await ClientAsync(row, client);
        foreach (var (row, note) in who.Names.Notes) await CardAsync(row, note);
        var texts = new ReplaceTexts(db, who.Names, cancellation);
        if (who.Month is not { } month)
        {
            await SchedulesAsync(db.TopUpSchedules, _ => who.Names.Clients.Values.First().Id);
            await texts.EverywhereAsync();
            return;
        }
        await OldSchedulesAsync(month);
        await texts.InReasonsAsync(db.UsageEvents.Where(usage => usage.ReportMonth == month));
        await texts.InAsync(db.SavedReports.Where(report => report.MonthStart == month.Start), report => report.Variant, who.Names.InAddress);
    }

    private async Task ClientAsync(int row, AnonymousClient client)
    {
        if (who.Alone.Contains(row))
        {
            await db.Clients.Where(known => known.Id == row).ExecuteUpdateAsync(set => set.SetProperty(known => known.ClientId, client.Id).SetProperty(known => known.Name, client.Name), cancellation);
            return;
        }
        var added = new Client { SubscriptionId = db.RequireSubscriptionId(), ClientId = client.Id, Name = client.Name };
        db.Add(added);
        await db.SaveChangesAsync(cancellation);
        await db.UsageEvents.Where(usage => usage.ReportMonth == who.Month && usage.ClientId == row).ExecuteUpdateAsync(set => set.SetProperty(usage => usage.ClientId, added.Id), cancellation);
    }

    private async Task CardAsync(int row, string note)
    {
        if (who.AloneCards.Contains(row))
        {
            await db.TopUpDevices.Where(known => known.Id == row).ExecuteUpdateAsync(set => set.SetProperty(known => known.IdentityNote, note), cancellation);
            return;
        }
        var device = await db.TopUpDevices.Where(known => known.Id == row).Select(known => known.DeviceId).SingleAsync(cancellation);
        var added = new TopUpDevice { SubscriptionId = db.RequireSubscriptionId(), DeviceId = device, IdentityNote = note };
        db.Add(added);
        await db.SaveChangesAsync(cancellation);
        await db.UsageEvents.Where(usage => usage.ReportMonth == who.Month && usage.TopUpDeviceId == row).ExecuteUpdateAsync(set => set.SetProperty(usage => usage.TopUpDeviceId, added.Id), cancellation);
    }

    /// <summary>Those that ended with the month, or before.</summary>
    private Task OldSchedulesAsync(UsageMonth month)
    {
        var codes = new Dictionary<string, string>(StringComparer.Ordinal);
        var taken = new HashSet<string>(who.Names.Clients.Values.Select(client => client.Id), StringComparer.Ordinal);
        return SchedulesAsync(db.TopUpSchedules.Where(schedule => schedule.LastDay < month.End), CodeOf);

        string CodeOf(string id) => who.Names.KeyOf(id) is var code && code != id ? code : codes.TryGetValue(id, out code!) ? code : codes[id] = ClientPseudonym.Draw(taken);
    }

    private async Task SchedulesAsync(IQueryable<TopUpSchedule> schedules, Func<string, string> codeOf)
    {
        var former = who.Month is null ? who.Names.Clients.Values.First().FormerId : null;
        var ids = await schedules.Where(schedule => schedule.ClientId != null && (former == null || schedule.ClientId == former)).Select(schedule => schedule.ClientId!).Distinct().ToListAsync(cancellation);
        foreach (var id in ids.Where(id => !ClientPseudonym.IsOne(id)))
        {
            var code = codeOf(id);
            var own = schedules.Where(schedule => schedule.ClientId == id);
            await own.Where(schedule => schedule.IdentityNote != "").ExecuteUpdateAsync(set => set.SetProperty(schedule => schedule.IdentityNote, ClientPseudonym.NameOf(code)), cancellation);
            await own.ExecuteUpdateAsync(set => set.SetProperty(schedule => schedule.ClientId, code).SetProperty(schedule => schedule.ClientName, ClientPseudonym.NameOf(code)), cancellation);
        }
    }
}
