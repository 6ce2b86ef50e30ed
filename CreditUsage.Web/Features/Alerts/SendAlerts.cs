using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
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
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!mail.IsSetUp) return;
        var due = await (from firing in db.AlertFirings.AsNoTracking()
                         where firing.Outcome == null || firing.Outcome.Contains(NotificationLog.Waiting)
                         join rule in db.AlertRules on firing.AlertRuleId equals rule.Id
                         where rule.RemovedAt == null && rule.Emails != ""
                         orderby firing.Id
                         select new { Firing = firing, rule.Emails }).ToListAsync(cancellation);
        if (due.Count == 0) return;
        var clinic = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.Name).SingleAsync(cancellation);
        foreach (var row in due) await SendAsync(row.Firing, new NotificationLog(AlertInput.Split(row.Emails), row.Firing.Outcome), clinic, cancellation);
    }

    private async Task SendAsync(AlertFiring firing, NotificationLog people, string clinic, CancellationToken cancellation)
    {
        foreach (var email in people.Left.ToList())
        {
            var outcome = await mail.DeliverAsync(Compose(firing, email, clinic), cancellation);
            people.Add(email, outcome, last: clock.GetUtcNow() - firing.FiredAt > GiveUpAfter);
            var kept = people.Outcome;
            // What has happened is entered even while the site stops.
            await db.AlertFirings.Where(row => row.Id == firing.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Outcome, kept), CancellationToken.None);
        }
    }

    private OutgoingMail Compose(AlertFiring firing, string email, string clinic) => new(
        new MailboxAddress("", email), $"Credit alert: {clinic}",
        $"{firing.Message}\n\nFound on {Display.Moment(firing.FiredAt)} for {clinic}.\nWho is told of what, and the log: {mail.Link("/alerts")}\n", []);
}

/// <summary>Who has been told of a firing and what came of it: a line for each address, as the log keeps and shows it.</summary>
public sealed class NotificationLog
{
    /// <summary>What marks an address that is tried again.</summary>
    public const string Waiting = ": not sent yet, ";

    private const string Sent = ": sent, ";
    private const string NotKnown = ": not known whether it arrived, ";
    private const string GivenUp = ": given up, ";

    private readonly Dictionary<string, string> _lines = [];

    /// <param name="outcome">As it was kept; null before the first try.</param>
    public NotificationLog(IReadOnlyList<string> emails, string? outcome)
    {
        Emails = emails;
        foreach (var line in (outcome ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (emails.FirstOrDefault(email => line.StartsWith($"{email}: ", StringComparison.Ordinal)) is { } known) _lines[known] = line;
    }

    public IReadOnlyList<string> Emails { get; }

    /// <summary>Those who are still to be told.</summary>
    public IEnumerable<string> Left => Emails.Where(email => !_lines.TryGetValue(email, out var line) || line.StartsWith(email + Waiting, StringComparison.Ordinal));

    /// <summary>As it is kept: with a line for those too who have not been tried, so that they are not forgotten.</summary>
    public string Outcome => string.Join('\n', Emails.Select(email => _lines.GetValueOrDefault(email, $"{email}{Waiting}not tried")));

    /// <param name="last">Whether it is not tried again, whatever came of it.</param>
    public void Add(string email, MailOutcome outcome, bool last)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var line = email + (outcome.Taken ? Sent : !outcome.Known ? NotKnown : outcome.ForGood || last ? GivenUp : Waiting) + outcome.Message;
        // The whole fits the column, however long the mail server's words are.
        var most = MailOutcome.MaxCharacters / AlertInput.MaxEmails - 1;
        _lines[email] = line.Length <= most ? line : line[..most];
    }
}
