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
            // Not cancellable: the mail has been sent even if the site stops now.
            await db.AlertFirings.Where(row => row.Id == firing.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Outcome, kept), CancellationToken.None);
        }
    }

    private OutgoingMail Compose(AlertFiring firing, string email, string clinic) => new(
        new MailboxAddress("", email), $"Credit alert: {clinic}",
        $"{firing.Message}\n\nFound on {Display.Moment(firing.FiredAt)} for {clinic}.\nWho is told of what, and the log: {mail.Link("/alerts")}\n", []);
}

/// <summary>The outcome for each address of a firing, one line each, in the format of the database and the log.</summary>
public sealed class NotificationLog
{
    public const string Waiting = ": not sent yet, ";

    private const string Sent = ": sent, ";
    private const string NotKnown = ": not known whether it arrived, ";
    private const string GivenUp = ": given up, ";

    private readonly Dictionary<string, string> _lines = [];

    /// <param name="outcome">The saved text; null before the first try.</param>
    public NotificationLog(IReadOnlyList<string> emails, string? outcome)
    {
        Emails = emails;
        foreach (var line in (outcome ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (emails.FirstOrDefault(email => line.StartsWith($"{email}: ", StringComparison.Ordinal)) is { } known) _lines[known] = line;
    }

    public IReadOnlyList<string> Emails { get; }

    public IEnumerable<string> Left => Emails.Where(email => !_lines.TryGetValue(email, out var line) || line.StartsWith(email + Waiting, StringComparison.Ordinal));

    /// <summary>Includes addresses not tried yet, so that a later run tries them.</summary>
    public string Outcome => string.Join('\n', Emails.Select(email => _lines.GetValueOrDefault(email, $"{email}{Waiting}not tried")));

    /// <param name="last">Whether a failure is final.</param>
    public void Add(string email, MailOutcome outcome, bool last)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var line = email + (outcome.Taken ? Sent : !outcome.Known ? NotKnown : outcome.ForGood || last ? GivenUp : Waiting) + outcome.Message;
        // Keeps the whole within its column, whatever the length of the mail server's reply.
        var most = MailOutcome.MaxCharacters / AlertInput.MaxEmails - 1;
        _lines[email] = line.Length <= most ? line : line[..most];
    }
}
