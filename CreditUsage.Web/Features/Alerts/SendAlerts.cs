using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
using CreditUsage.Platform.Mail;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace CreditUsage.Features.Alerts;

/// <summary>Saves the outcome after each mail, so an interrupted one is sent again: twice is better than never.</summary>
public sealed class SendAlerts(CreditUsageDb db, SendMail mail, TimeProvider clock)
{
    /// <summary>After this time the next failure is final.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!mail.IsSetUp) return;
        var due = await (from notice in db.AlertNotices.AsNoTracking()
                         where notice.State == AlertNoticeState.Waiting
                         join firing in db.AlertFirings on notice.AlertFiringId equals firing.Id
                         join rule in db.AlertRules on firing.AlertRuleId equals rule.Id
                         where rule.RemovedAt == null
                         orderby notice.Id
                         select new { Notice = notice, firing.Message, firing.FiredAt }).ToListAsync(cancellation);
        if (due.Count == 0) return;
        var clinic = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.Name).SingleAsync(cancellation);
        foreach (var row in due)
        {
            var outcome = await mail.DeliverAsync(Compose(row.Notice.Email, row.Message, row.FiredAt, clinic), cancellation);
            // Not cancellable: the mail has been sent even if the site stops now.
            await KeepAsync(row.Notice, outcome, last: clock.GetUtcNow() - row.FiredAt > GiveUpAfter, CancellationToken.None);
        }
    }

    private Task<int> KeepAsync(AlertNotice notice, MailOutcome outcome, bool last, CancellationToken cancellation)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        var state = outcome.Taken ? AlertNoticeState.Sent : !outcome.Known ? AlertNoticeState.NotKnown : outcome.ForGood || last ? AlertNoticeState.GivenUp : AlertNoticeState.Waiting;
        var endedAt = state == AlertNoticeState.Waiting ? null : now;
        return db.AlertNotices.Where(row => row.Id == notice.Id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, state).SetProperty(row => row.Attempts, row => row.Attempts + 1).SetProperty(row => row.AttemptedAt, now)
                .SetProperty(row => row.EndedAt, endedAt).SetProperty(row => row.Outcome, outcome.Message), cancellation);
    }

    private OutgoingMail Compose(string email, string message, DateTimeOffset firedAt, string clinic) => new(
        new MailboxAddress("", email), $"Credit alert: {clinic}",
        $"{message}\n\n{clinic}, {Display.Moment(firedAt)}\nSee your alerts: {mail.Link("/alerts")}\n", []);
}
