using CreditUsage.Platform.Mail;

namespace CreditUsage.Features.Alerts;

/// <summary>Who has been told of a firing and what came of it: a line for each address, as the log keeps and shows it.</summary>
public sealed class ToldPeople
{
    /// <summary>What marks an address that is tried again.</summary>
    public const string Waiting = ": not sent yet, ";

    private const string Sent = ": sent, ";
    private const string NotKnown = ": not known whether it arrived, ";
    private const string GivenUp = ": given up, ";

    private readonly Dictionary<string, string> _lines = [];

    /// <param name="outcome">As it was kept; null before the first try.</param>
    public ToldPeople(IReadOnlyList<string> emails, string? outcome)
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
        var line = email + (outcome.Taken ? Sent : !outcome.Known ? NotKnown : outcome.ForGood || last ? GivenUp : Waiting) + outcome.Said;
        // The whole fits the column, however long the mail server's words are.
        var most = MailOutcome.MostCharacters / AlertInput.MostEmails - 1;
        _lines[email] = line.Length <= most ? line : line[..most];
    }
}
