using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
using CreditUsage.Features.Deliveries;
using CreditUsage.Platform.Mail;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace CreditUsage.Features.Alerts;

/// <summary>
/// Tells people by e-mail of what has fired. The outcome is entered after each mail, so one that was cut short is sent again: an alert
/// that comes twice is better than one that never comes.
/// </summary>
public sealed class SendAlerts(CreditUsageDb db, SendMail mail, TimeProvider clock)
{
    /// <summary>What could not be sent for so long is given up with the next try.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!mail.IsSetUp) return;
        var due = await (from firing in db.AlertFirings.AsNoTracking()
                         where firing.Outcome == null || firing.Outcome.Contains(ToldPeople.Waiting)
                         join rule in db.AlertRules on firing.AlertRuleId equals rule.Id
                         where rule.RemovedAt == null && rule.Emails != ""
                         orderby firing.Id
                         select new { Firing = firing, rule.Emails }).ToListAsync(cancellation);
        if (due.Count == 0) return;
        var clinic = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.Name).SingleAsync(cancellation);
        foreach (var row in due) await SendAsync(row.Firing, new ToldPeople(AlertInput.Split(row.Emails), row.Firing.Outcome), clinic, cancellation);
    }

    private async Task SendAsync(AlertFiring firing, ToldPeople people, string clinic, CancellationToken cancellation)
    {
        foreach (var email in people.Left.ToList())
        {
            var outcome = await mail.DeliverAsync(Letter(firing, email, clinic), cancellation);
            people.Add(email, outcome, last: clock.GetUtcNow() - firing.FiredAt > Patience);
            var kept = people.Outcome;
            // What has happened is entered even while the site stops.
            await db.AlertFirings.Where(row => row.Id == firing.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Outcome, kept), CancellationToken.None);
        }
    }

    private OutgoingMail Letter(AlertFiring firing, string email, string clinic) => new(
        new MailboxAddress("", email), $"Credit alert: {clinic}",
        $"{firing.Said}\n\nFound on {Display.Moment(firing.FiredAt)} for {clinic}.\nWho is told of what, and the log: {mail.Link("/alerts")}\n", []);
}
