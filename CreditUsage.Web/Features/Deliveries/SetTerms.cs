using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Shared;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Deliveries;

public sealed class SetTerms(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>The last day that every month has.</summary>
    public const int LastDay = 28;

    /// <returns>What is wrong with the form; null when it was saved.</returns>
    /// <param name="version">Of the stored terms that the form showed.</param>
    /// <exception cref="SavedMeanwhileException">Somebody else has saved other terms since; nothing has changed.</exception>
    public async Task<Problem?> RunAsync(TermsInput input, string? version, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Sending is not ("on" or "off")) return new("sending-on", "Choose On or Off.");
        if (input.When is not (null or TermsInput.OnDay or TermsInput.AtClosing)) return new("when-day", "Choose a day, or the closing of the month.");
        if (!TryRead(input.Day, 1, LastDay, out var day)) return new("Day", $"Enter the day of the month, from 1 to {LastDay}.");
        if (!TryRead(input.Hour, 0, 23, out var hour)) return new("Hour", "Choose the hour from the list.");
        if (input.Content is not (TermsInput.Files or TermsInput.Link)) return new("content-files", "Choose attached files or a link.");
        await using var transaction = await db.BeginWriteAsync(cancellation);
        FormVersion.Require(version, TermsInput.Of(await db.DeliverySchedules.AsNoTracking().SingleOrDefaultAsync(cancellation)));
        await KeepAsync(input.Sending == "on", input.When == TermsInput.AtClosing, day, hour, input.Content == TermsInput.Link, cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    private static bool TryRead(string? text, int least, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;

    private async Task KeepAsync(bool enabled, bool whenClosed, int day, int hour, bool asLink, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var schedule = await db.DeliverySchedules.SingleOrDefaultAsync(cancellation);
        var switchedOn = enabled && schedule is not { Enabled: true };
        if (schedule is null) db.Add(schedule = New());
        (schedule.Enabled, schedule.WhenClosed, schedule.Day, schedule.Hour, schedule.AsLink, schedule.SetBy, schedule.SetAt) = (enabled, whenClosed, day, hour, asLink, current.Actor, now);
        if (switchedOn) schedule.FirstMonth = await FirstMonthAsync(schedule, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Deliveries", Words(schedule), cancellation);
    }

    private DeliverySchedule New() => new()
    {
        SubscriptionId = db.RequireSubscriptionId(),
        Enabled = false,
        Day = 1,
        Hour = 0,
        AsLink = false,
        FirstMonth = UsageMonth.Of(clock.GetUtcNow()),
        SetBy = current.Actor,
        SetAt = clock.GetUtcNow(),
    };

    /// <summary>The previous month, unless it was closed and due already: people have had that one in another way.</summary>
    private async Task<UsageMonth> FirstMonthAsync(DeliverySchedule schedule, DateTimeOffset now, CancellationToken cancellation)
    {
        var present = UsageMonth.Of(now);
        var began = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.StartsOn).SingleAsync(cancellation);
        if (present <= UsageMonth.Of(began)) return UsageMonth.Of(began);
        var closed = (await db.ClosedMonthsAsync(cancellation)).IsClosed(present.Previous);
        return closed && (schedule.WhenClosed || DueMonths.DueAt(schedule, present.Previous) <= now) ? present : present.Previous;
    }

    private static string Words(DeliverySchedule schedule) => schedule.Enabled
        ? string.Create(CultureInfo.InvariantCulture, $"On: {(schedule.WhenClosed ? "when a month is closed" : $"day {schedule.Day}, {schedule.Hour:00}:00 GMT")}, {(schedule.AsLink ? "a link" : "files attached")}, from {schedule.FirstMonth.Name} on")
        : "Off";
}

public sealed record TermsInput
{
    public const string Files = "files";
    public const string Link = "link";

    private const int UsualDay = 5;
    private const int UsualHour = 6;

    public const string OnDay = "day";
    public const string AtClosing = "closed";

    /// <summary>One of <see cref="OnDay"/>, which is meant where it is missing, and <see cref="AtClosing"/>.</summary>
    public string? When { get; init; }

    /// <summary>"on" or "off".</summary>
    public string? Sending { get; init; }

    public string? Day { get; init; }

    public string? Hour { get; init; }

    /// <summary>One of <see cref="Files"/> and <see cref="Link"/>.</summary>
    public string? Content { get; init; }

    public IReadOnlyList<ComparedValue> ComparedWith(TermsInput typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        return
        [
            new("Send closed months", YesOrNo(Sending), YesOrNo(typed.Sending)), new("When", Moment(When), Moment(typed.When)), new("Day of the following month", Day, typed.Day),
            new("Hour (GMT)", Hour, typed.Hour), new("Content", Carried(Content), Carried(typed.Content)),
        ];
        static string YesOrNo(string? sending) => sending == "on" ? "yes" : "no";
        static string Moment(string? when) => when == AtClosing ? "As soon as a month is closed" : "On a day of the following month";
        static string Carried(string? content) => content == Link ? "Link only" : "PDF and CSV attached";
    }

    public static TermsInput Of(DeliverySchedule? schedule) => new()
    {
        Sending = schedule is { Enabled: true } ? "on" : "off",
        When = schedule is { WhenClosed: true } ? AtClosing : OnDay,
        Day = (schedule?.Day ?? UsualDay).ToString(CultureInfo.InvariantCulture),
        Hour = (schedule?.Hour ?? UsualHour).ToString(CultureInfo.InvariantCulture),
        Content = schedule is { AsLink: true } ? Link : Files,
    };
}
