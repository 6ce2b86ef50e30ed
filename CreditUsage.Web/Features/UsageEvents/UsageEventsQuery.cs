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

    public async Task<ReportableMonths> MonthsAsync(CancellationToken cancellation) => new(
        await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.StartsOn).SingleAsync(cancellation), clock.GetUtcNow());

    /// <param name="month">The month whose report shows the events.</param>
    /// <param name="after">The id of the last event that the caller has; 0 at first.</param>
    public async Task<UsageEventsPage> PageAsync(UsageMonth month, long after, CancellationToken cancellation)
    {
        var found = await Found(db.UsageEvents.Where(usage => usage.ReportMonth == month && usage.Id > after)).Take(PageEvents + 1).ToListAsync(cancellation);
        var page = found.Take(PageEvents).ToList();
        return new UsageEventsPage(month.ToString(), page.ConvertAll(ToEvent), found.Count > PageEvents ? UsageCursor.Of(month, page[^1].Usage.Id) : null);
    }

    /// <summary>Null where there is no such event. A correction has an id, too.</summary>
    public async Task<UsageEventWithCorrections?> FindAsync(string eventId, CancellationToken cancellation)
    {
        if (await Found(db.UsageEvents.Where(usage => usage.EventId == eventId)).SingleOrDefaultAsync(cancellation) is not { } found) return null;
        var corrections = await Found(db.UsageEvents.Where(usage => usage.CorrectsId == found.Usage.Id)).ToListAsync(cancellation);
        return new(ToEvent(found), corrections.ConvertAll(ToEvent));
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

/// <summary>The cursor of a reader: a month and the id of the last event. Opaque to callers.</summary>
internal static class UsageCursor
{
    public static string Of(UsageMonth month, long id) => WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{month.Number}.{id}")));

    /// <summary>Null when it is not a cursor of that month.</summary>
    public static long? Read(string text, UsageMonth month)
    {
        try
        {
            var parts = Encoding.ASCII.GetString(WebEncoders.Base64UrlDecode(text)).Split('.');
            return parts is [var number, var id] && number == month.Number.ToString(CultureInfo.InvariantCulture)
                && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after : null;
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
