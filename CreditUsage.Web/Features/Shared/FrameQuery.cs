using CreditUsage.Data;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Shared;

/// <summary>What every page shows around itself. The badges of the navigation and the list on Home both count from here, so they agree.</summary>
/// <param name="MonthsWithheld">Months whose cost is withheld for want of a price.</param>
/// <param name="MissingTopUps">Days that schedules ask for, that are over, and that were not charged, since charging here began or the latest closed month ended.</param>
/// <param name="GivenUp">Deliveries that failed for good, or that may not have arrived.</param>
/// <param name="Retried">Deliveries that were tried and are not decided yet.</param>
/// <param name="Unexplained">Credits that the last balance proof could not explain; 0 where none failed.</param>
public sealed record FrameState(
    string Clinic, DateOnly StartsOn, UsageMonth? LatestClosed, bool HasPrice, int MonthsWithheld, int MissingTopUps, int NewAlerts, string? LatestAlert, int ImportsToDecide, int GivenUp, int Retried, long Unexplained, bool HasWork)
{
    /// <summary>The months that are over and not closed.</summary>
    public int MonthsToClose(UsageMonth current) => Math.Max(0, current.Number - FirstOpen.Number);

    public UsageMonth FirstOpen => LatestClosed?.Next ?? UsageMonth.Of(StartsOn);
}

/// <summary>Takes one command for a request, however many parts of the page ask; work takes two more while there is any.</summary>
public sealed class FrameQuery(CreditUsageDb db, IHttpContextAccessor http, TimeProvider clock)
{
    private FrameState? _found;

    public async Task<FrameState> RunAsync(CancellationToken cancellation)
    {
        if (_found is not null) return _found;
        var (jobs, imports) = (Jobs(), Imports());
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var yesterday = today.AddDays(-1);
        // Distinct has the database reckon it first and once, not for every event: the end of the latest closed month, within this one command.
        var own = db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => new
        {
            Subscription = subscription,
            Closed = db.MonthClosings.Where(closing => closing.ReopenedAt == null).OrderByDescending(closing => closing.Month).Select(closing => (UsageMonth?)closing.Month).FirstOrDefault(),
        }).Select(one => new
        {
            one.Subscription.Name,
            one.Subscription.StartsOn,
            one.Closed,
            Since = one.Subscription.ChargesTopUpsFrom ?? (one.Closed == null ? one.Subscription.StartsOn
                : one.Subscription.StartsOn.AddDays(1 - one.Subscription.StartsOn.Day).AddMonths((int)(object)one.Closed + 2 - one.Subscription.StartsOn.Month - (one.Subscription.StartsOn.Year * 12))),
        }).Distinct();
        return _found = await own.Select(one => new FrameState(
            one.Name,
            one.StartsOn,
            one.Closed,
            db.CreditPrices.Any(price => price.ValidFrom <= today),
            db.UsageEvents.Where(usage => usage.CostPence == null).Select(usage => usage.ReportMonth).Distinct().Count(),
            db.TopUpSchedules.Where(schedule => schedule.FirstDay <= yesterday && schedule.LastDay >= one.Since).Sum(schedule =>
                (schedule.LastDay < yesterday ? schedule.LastDay : yesterday).DayNumber - (schedule.FirstDay > one.Since ? schedule.FirstDay : one.Since).DayNumber + 1
                - db.UsageEvents.Count(usage => usage.DeviceNumber == (long)(object)schedule.DeviceId && usage.DayTurn == 0
                    && usage.ServiceDate >= schedule.FirstDay && usage.ServiceDate <= schedule.LastDay && usage.ServiceDate >= one.Since && usage.ServiceDate <= yesterday)),
            db.AlertFirings.Count(firing => firing.SeenAt == null),
            db.AlertFirings.Where(firing => firing.SeenAt == null).OrderByDescending(firing => firing.Id).Select(firing => firing.Message).FirstOrDefault(),
            db.UsageImports.Count(import => import.State == UsageImportState.Checked && import.ErrorCount == 0 && import.Accepted > 0),
            // Nothing is left to do for a version that is not in force, or for a person who was removed.
            db.Deliveries.Count(delivery => (delivery.State == DeliveryState.GivenUp || delivery.State == DeliveryState.NotKnown) && db.DeliveryRecipients.Any(person => person.Email == delivery.Email)
                && (delivery.SavedReportId != null || db.MonthClosings.Any(closing => closing.Month == delivery.Month && closing.Version == delivery.Version && closing.ReopenedAt == null))),
            db.Deliveries.Count(delivery => delivery.State == DeliveryState.Waiting && delivery.Attempts > 0),
            db.BalanceProofs.OrderByDescending(proof => proof.RecordedAt).Select(proof => proof.ShownCredits - proof.LedgerCredits - proof.ExplainedCredits).FirstOrDefault(),
            jobs.Any() || imports.Any())).SingleAsync(cancellation);
    }

    /// <returns>What runs, then what has ended, each in the order in which it was asked for.</returns>
    public async Task<IReadOnlyList<Work>> WorkAsync(CancellationToken cancellation)
    {
        var frame = await RunAsync(cancellation);
        if (!frame.HasWork) return [];
        var work = await Jobs().OrderBy(job => job.RequestedAt).ToListAsync(cancellation);
        var imports = await Imports().OrderBy(import => import.UploadedAt).ToListAsync(cancellation);
        return [.. work.Select(job => Work.Of(job, frame)).Concat(imports.Select(Work.Of)).OrderByDescending(one => one.IsRunning)];
    }

    /// <summary>Under way: of everybody, as their list shows them. Ended: what the user asked for, for a day or until its page or the list was opened.</summary>
    private IQueryable<ReportJob> Jobs()
    {
        var (user, since, seen) = (http.HttpContext!.User.Identity!.Name, clock.GetUtcNow() - SeenWork.Lasts, SeenWork.Of(http.HttpContext));
        if (SeenWork.JobsSeenAt(http.HttpContext) is var listed && listed > since) since = listed;
        return db.ReportJobs.AsNoTracking().Where(job => job.State == ReportJobState.Queued || job.State == ReportJobState.Running
            || (job.RequestedBy == user && job.EndedAt > since && job.State != ReportJobState.Cancelled && !seen.Contains(job.Id)));
    }

    private IQueryable<UsageImport> Imports()
    {
        var (user, since, seen) = (http.HttpContext!.User.Identity!.Name, clock.GetUtcNow() - SeenWork.Lasts, SeenWork.Of(http.HttpContext));
        return db.UsageImports.AsNoTracking().Where(import => import.State == UsageImportState.Checking || import.State == UsageImportState.Storing || import.State == UsageImportState.Reversing
            || (import.UploadedBy == user && (import.UploadedAt > since || import.StoredAt > since || import.ReversedAt > since) && import.State != UsageImportState.Discarded && !seen.Contains(import.Id)));
    }
}
