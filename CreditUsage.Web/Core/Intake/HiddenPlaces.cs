using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Intake;

/// <summary>The ids, and devices and days, that an import holds which is still being stored. Whoever records them first has them.</summary>
internal sealed class HiddenPlaces(CreditUsageDb db, int intakeId, long block)
{
    /// <summary>Null where no import is being stored. Call it under the write lock.</summary>
    public static async Task<HiddenPlaces?> FindAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        var found = await db.UsageIntakes.Where(intake => intake.HiddenBlock != null).Select(intake => new { intake.Id, Block = intake.HiddenBlock!.Value }).SingleOrDefaultAsync(cancellation);
        return found is null ? null : new HiddenPlaces(db, found.Id, found.Block);
    }

    public async Task TakeAsync(IReadOnlyList<UsageEvent> rows, CancellationToken cancellation)
    {
        var hidden = db.UsageEvents.IgnoreQueryFilters([CreditUsageDb.StoredOnly]).Where(usage => usage.Id / UsageEvent.IdsOfBlock == block);
        var ids = rows.Select(row => row.EventId).ToList();
        var taken = await hidden.Where(usage => ids.Contains(usage.EventId)).ExecuteDeleteAsync(cancellation);
        foreach (var row in rows.Where(row => row.DeviceNumber is not null))
            taken += await hidden.Where(usage => usage.DeviceNumber == row.DeviceNumber && usage.ServiceDate == row.ServiceDate).ExecuteDeleteAsync(cancellation);
        if (taken > 0) await db.UsageIntakes.Where(intake => intake.Id == intakeId).ExecuteUpdateAsync(set => set.SetProperty(intake => intake.Disturbed, true), cancellation);
    }
}
