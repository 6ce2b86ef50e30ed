using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.UsageEvents;

/// <summary>Returns the events of a month in the order of recording: what is recorded meanwhile comes last.</summary>
internal sealed class UsageEventsQuery(CreditUsageDb db, TimeProvider clock)
{
    public const int PageEvents = 1000;

    /// <summary>How long the feed waits for another writer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    public async Task<ReportableMonths> MonthsAsync(CancellationToken cancellation) => new(
        await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.StartsOn).SingleAsync(cancellation), clock.GetUtcNow());

    /// <param name="month">The month whose report shows the events.</param>
    /// <param name="after">The id of the last event that the caller has; 0 at first.</param>
    public async Task<UsageEventsPage> PageAsync(UsageMonth month, long after, CancellationToken cancellation)
    {
        var found = await Found(db.UsageEvents.Where(usage => usage.ReportMonth == month && usage.Id > after)).Take(PageEvents + 1).ToListAsync(cancellation);
        var page = found.Take(PageEvents).ToList();
        return new UsageEventsPage(month.ToString(), page.ConvertAll(ToEvent), found.Count > PageEvents ? new UsageCursor(month.Number, page[^1].Usage.Id).ToString() : null);
    }

    /// <summary>Null where there is no such event. A correction has an id, too.</summary>
    public async Task<UsageEventWithCorrections?> FindAsync(string eventId, CancellationToken cancellation)
    {
        if (await Found(db.UsageEvents.Where(usage => usage.EventId == eventId)).SingleOrDefaultAsync(cancellation) is not { } found) return null;
        var corrections = await Found(db.UsageEvents.Where(usage => usage.CorrectsId == found.Usage.Id)).ToListAsync(cancellation);
        return new(ToEvent(found), corrections.ConvertAll(ToEvent));
    }

    /// <summary>The events and corrections that were received after a place in the feed, in the order of receipt.</summary>
    public async Task<UsageChanges> ChangesAsync(UsageCursor after, CancellationToken cancellation)
    {
        await NumberAsync(cancellation);
        var received = from intake in db.UsageIntakes
                       where intake.FeedPosition >= after.Within
                       join usage in db.UsageEvents on intake.Id equals usage.IntakeId
                       where intake.FeedPosition > after.Within || usage.Id > after.LastId
                       orderby intake.FeedPosition, usage.Id
                       select new { Position = intake.FeedPosition!.Value, usage.Id };
        var places = await received.Take(PageEvents + 1).ToListAsync(cancellation);
        var page = places.Take(PageEvents).ToList();
        var ids = page.ConvertAll(place => place.Id);
        var found = await Found(db.UsageEvents.Where(usage => ids.Contains(usage.Id))).ToDictionaryAsync(one => one.Usage.Id, cancellation);
        var last = page.Count == 0 ? after : new UsageCursor(page[^1].Position, page[^1].Id);
        return new(ids.ConvertAll(id => ToEvent(found[id])), last.ToString(), places.Count > PageEvents);
    }

    /// <summary>
    /// Gives what was stored since the last reading its place in the feed. Under the subscription's write lock nothing of it is half stored, so that no later
    /// commit can come to stand before a place that was read. Where another writer holds the lock for long, it waits for the next reading.
    /// </summary>
    private async Task NumberAsync(CancellationToken cancellation)
    {
        var waiting = db.UsageIntakes.Where(intake => intake.FeedPosition == null && intake.HiddenBlock == null);
        while (await waiting.AnyAsync(cancellation) && await db.CanWriteAsync(Patience, cancellation))
        {
            await using var transaction = await db.BeginWriteAsync(cancellation);
            var last = await db.UsageIntakes.MaxAsync(intake => intake.FeedPosition, cancellation) ?? 0;
            foreach (var intake in await waiting.OrderBy(intake => intake.RecordedAt).ThenBy(intake => intake.Id).Take(PageEvents).ToListAsync(cancellation)) intake.FeedPosition = ++last;
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            db.ChangeTracker.Clear();
        }
    }

    private IQueryable<FoundEvent> Found(IQueryable<UsageEvent> events) =>
        from usage in events.AsNoTracking()
        orderby usage.Id
        join intake in db.UsageIntakes on usage.IntakeId equals intake.Id into intakes
        from intake in intakes.DefaultIfEmpty()
        join staff in db.StaffMembers on usage.StaffMemberId equals staff.Id
        join program in db.Programs on usage.ProgramId equals program.Id
        join client in db.Clients on usage.ClientId equals client.Id into clients
        from client in clients.DefaultIfEmpty()
        join device in db.TopUpDevices on usage.TopUpDeviceId equals device.Id into devices
        from device in devices.DefaultIfEmpty()
        join original in db.UsageEvents on usage.CorrectsId equals original.Id into originals
        from original in originals.DefaultIfEmpty()
        select new FoundEvent(usage, intake.RecordedAt, staff.StaffId, staff.Name, client.ClientId, client.Name, program.Name, device.DeviceId, device.IdentityNote, original.EventId);

    private static RecordedUsageEvent ToEvent(FoundEvent found) => new()
    {
        EventId = found.Usage.EventId,
        Kind = found.Usage.Kind.Code(),
        OccurredAt = found.Usage.Kind == UsageKind.ConnectedSession ? Instant(found.Usage.OccurredAt) : found.Usage.ServiceDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        StaffId = found.StaffId,
        StaffName = found.StaffName,
        ClientId = found.ClientId,
        ClientName = found.ClientName,
        Program = found.Program,
        DeviceId = found.DeviceId,
        IdentityNote = found.IdentityNote,
        DurationMinutes = found.Usage.DurationMinutes,
        Credits = found.Usage.Credits,
        CostGbp = found.Usage.CostPence is { } pence ? (pence / 100m).ToString("0.00", CultureInfo.InvariantCulture) : null,
        ReportMonth = found.Usage.ReportMonth.ToString(),
        PostedAt = Instant(found.Usage.PostedAt),
        ReceivedAt = Instant(found.ReceivedAt ?? found.Usage.PostedAt),
        Corrects = found.Corrects,
        Correction = found.Usage.Correction switch { CorrectionKind.Reversal => "reversal", CorrectionKind.Adjustment => "adjustment", _ => null },
        Reason = found.Usage.Reason,
    };

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    private sealed record FoundEvent(
        UsageEvent Usage, DateTimeOffset? ReceivedAt, string StaffId, string StaffName, string? ClientId, string? ClientName, string Program, string? DeviceId, string? IdentityNote, string? Corrects);
}

/// <summary>Where a reader has come to: a month or a place in the feed, and the id of the last event. Opaque to callers.</summary>
internal readonly record struct UsageCursor(long Within, long LastId)
{
    public override string ToString() => WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Within}.{LastId}")));

    /// <summary>Null when it is no cursor.</summary>
    public static UsageCursor? Read(string text)
    {
        try
        {
            return Encoding.ASCII.GetString(WebEncoders.Base64UrlDecode(text)).Split('.') is [var within, var id]
                && long.TryParse(within, NumberStyles.None, CultureInfo.InvariantCulture, out var first) && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? new(first, last) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>Some events of a month.</summary>
/// <param name="Next">Send it as "after" to get the events that follow; null after the last.</param>
internal sealed record UsageEventsPage(
    [property: JsonPropertyName("month"), Description("The month whose report shows the events, such as 2026-10.")] string Month,
    [property: JsonPropertyName("events"), Description("In the order in which they were recorded; at most 1,000.")] IReadOnlyList<RecordedUsageEvent> Events,
    [property: JsonPropertyName("next"), Description("Send it as the parameter after to get the events that follow; null after the last.")] string? Next);

/// <summary>What was received since a place in the feed.</summary>
internal sealed record UsageChanges(
    [property: JsonPropertyName("events"), Description("Events and corrections in the order in which they were received; at most 1,000.")] IReadOnlyList<RecordedUsageEvent> Events,
    [property: JsonPropertyName("next"), Description("Keep it, and send it as the parameter after to get what was received since.")] string Next,
    [property: JsonPropertyName("more"), Description("Whether there is more at once.")] bool More);
