using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Anonymise;

/// <summary>What would bring a name back while it is taken out: top-ups that are still charged for the client, and files that wait or come in.</summary>
internal sealed class MayAnonymise(CreditUsageDb db, TimeProvider clock)
{
    private static readonly UsageImportState[] Waiting = [UsageImportState.Checking, UsageImportState.Checked, UsageImportState.NeedsColumns, UsageImportState.Storing, UsageImportState.Reversing];

    /// <param name="clientId">Null where the clients of an old month are anonymised, which no file names by itself.</param>
    /// <returns>A sentence that says what to do first; null where nothing is in the way.</returns>
    public async Task<string?> RefusalAsync(string? clientId, CancellationToken cancellation)
    {
        if (clientId is null) return null;
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var running = await db.TopUpSchedules.AsNoTracking().Where(schedule => schedule.ClientId == clientId && schedule.LastDay >= today).OrderBy(schedule => schedule.DeviceId).FirstOrDefaultAsync(cancellation);
        if (running is not null)
            return $"Device {running.DeviceId} is still charged for this client{(running.HasLastDay ? $" until {Display.Day(running.LastDay)}" : "")}. End that schedule with a day before today, or give the device to another client, at Top-up schedules.";
        return await db.UsageImports.AnyAsync(import => Waiting.Contains(import.State), cancellation) ? "An import waits or is under way, and its file may name this client. Import or discard it first, at Imports." : null;
    }

    /// <exception cref="UserFacingException">Something is in the way.</exception>
    public async Task ThrowIfNotAsync(string? clientId, CancellationToken cancellation)
    {
        if (await RefusalAsync(clientId, cancellation) is { } refusal) throw new UserFacingException(refusal);
    }
}
