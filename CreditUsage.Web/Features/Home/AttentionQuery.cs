using CreditUsage.Core;
using CreditUsage.Core.Ledger;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Integrity;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Integrity;

namespace CreditUsage.Features.Home;

public sealed class AttentionQuery(CreditUsageDb db, FrameQuery frame, DataChecks checks)
{
    /// <summary>A schedule that ends this soon may need a successor.</summary>
    private const int ExpiringDays = 14;

    public async Task<IReadOnlyList<AttentionItem>> RunAsync(DateOnly today, CreditStatus credits, MonthSums months, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(credits);
        ArgumentNullException.ThrowIfNull(months);
        var waiting = await frame.RunAsync(cancellation);
        return
        [
            .. OfData(), .. OfCredits(today, credits), .. OfPrices(waiting.HasPrice, months), .. OfTopUps(waiting.MissingTopUps),
            .. OfAlerts(waiting.NewAlerts, waiting.LatestAlert), .. OfImports(waiting.ImportsToDecide), .. OfDeliveries(waiting.GivenUp, waiting.Retried), .. OfProof(waiting.Unexplained),
            .. OfSchedules(today, credits.Running), .. OfMonths(waiting.FirstOpen, waiting.MonthsToClose(UsageMonth.Of(today))),
        ];
    }

    private IEnumerable<AttentionItem> OfData()
    {
        if (checks.IsDamaged) yield return new("database", DataChecks.Damaged, "/months", "Open months");
        if (checks.Find(DataCheckKind.Records, db.RequireSubscriptionId()) is { Problem: { } problem } check)
            yield return new("data", $"The check of {Display.Moment(check.At)} found: {problem}", "/months", "Open months");
    }

    private static IEnumerable<AttentionItem> OfCredits(DateOnly today, CreditStatus credits)
    {
        var missing = credits.Allocated - credits.Available;
        if (missing > 0)
            yield return new("credits", $"{Display.Count(missing, "credit is", "credits are")} missing to cover what is promised.", "/credits", "Record a purchase");
        else if (credits.Forecast is { OrderBy: { } orderBy, RunsOutOn: { } day } && orderBy <= today.AddDays(CreditForecast.LeadDays))
            yield return new("credits", $"Credits run out on {Display.Day(day)}: {(orderBy < today ? "order now" : $"order by {Display.Day(orderBy)}")}.", "/credits", "Open the balance");
    }

    private static IEnumerable<AttentionItem> OfPrices(bool hasPrice, MonthSums months)
    {
        if (!hasPrice) yield return new("price", "No credit price is valid today.", "/credits/prices", "Set a price");
        foreach (var (month, events) in months.Withheld)
            yield return new("withheld", $"{month.Name}: the cost of {Display.Count(events, "event", "events")} is withheld for want of a price.", "/credits/prices", $"Set a price for {month.Name}");
    }

    private static IEnumerable<AttentionItem> OfTopUps(int missing)
    {
        if (missing > 0)
            yield return new("top-ups", $"{Display.Count(missing, "daily top-up", "daily top-ups")} that schedules ask for {(missing == 1 ? "is" : "are")} missing.", "/schedules", "Open schedules");
    }

    private static IEnumerable<AttentionItem> OfAlerts(int unseen, string? latest)
    {
        if (unseen == 1) yield return new("alerts", $"New alert: {latest}", "/alerts", "Open alerts");
        if (unseen > 1) yield return new("alerts", $"{Display.Number(unseen)} new alerts, the latest: {latest}", "/alerts", "Open alerts");
    }

    private static IEnumerable<AttentionItem> OfImports(int toDecide)
    {
        if (toDecide > 0) yield return new("imports", $"{Display.Count(toDecide, "import waits", "imports wait")} for a decision.", "/imports", "Import or discard");
    }

    private static IEnumerable<AttentionItem> OfDeliveries(int givenUp, int retried)
    {
        if (givenUp > 0)
            yield return new("deliveries", $"{Display.Count(givenUp, "delivery was", "deliveries were")} given up or may not have arrived.", "/deliveries", "Open failed deliveries");
        if (retried > 0)
            yield return new("deliveries", $"{Display.Count(retried, "delivery has", "deliveries have")} been tried and {(retried == 1 ? "is" : "are")} not decided yet.", "/deliveries", "Open deliveries");
    }

    private static IEnumerable<AttentionItem> OfProof(long unexplained)
    {
        if (unexplained != 0)
            yield return new("proof", $"The last balance proof failed: {Display.Count(Math.Abs(unexplained), "credit is", "credits are")} not explained.", "/credits/proof", "Open the balance proof");
    }

    private static IEnumerable<AttentionItem> OfSchedules(DateOnly today, IReadOnlyList<(DateOnly First, DateOnly Last)> running)
    {
        var expiring = running.Where(schedule => schedule.Last <= today.AddDays(ExpiringDays)).ToList();
        if (expiring.Count > 0)
            yield return new("expiring", $"{Display.Count(expiring.Count, "schedule ends", "schedules end")} within {ExpiringDays} days{(expiring.Count == 1 ? ", on" : ", the first on")} {Display.Day(expiring[0].Last)}.", "/schedules", "Open schedules");
    }

    private static IEnumerable<AttentionItem> OfMonths(UsageMonth first, int open)
    {
        if (open > 0)
            yield return new("open", open == 1 ? $"1 month to close: {first.Name}." : $"{Display.Number(open)} months to close, the first {first.Name}.", $"/months/{first}", $"Close {first.Name}");
    }
}

/// <summary>Something that needs attention, with a link to the page where it is put right.</summary>
public sealed record AttentionItem(string Kind, string Message, string Address, string Link);
