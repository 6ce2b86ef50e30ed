using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Domain.Alerts;
using CreditUsage.Platform.Mail;

namespace CreditUsage.Features.Alerts;

/// <summary>The form of a new alert, as it was left.</summary>
/// <param name="Kind">The name of an <see cref="AlertKind"/>.</param>
/// <param name="Line">Credits, days or pounds.</param>
/// <param name="Of">The staff member's own id or the program's name.</param>
/// <param name="Emails">Addresses with commas; may be empty.</param>
public sealed record AlertInput(string? Kind, string? Line, string? Of, string? Emails)
{
    public const int MostEmails = 5;
    private const int MostEmailCharacters = 100;
    private const int MostCredits = 100_000_000;
    private const int MostDays = 365;
    private const decimal MostPounds = 10_000_000;

    /// <summary>The kind that the form is for; null where it is none.</summary>
    public AlertKind? KnownKind => Enum.GetNames<AlertKind>().Contains(Kind) ? Enum.Parse<AlertKind>(Kind!) : null;

    /// <summary>The addresses of a rule.</summary>
    public static IReadOnlyList<string> Split(string? emails) => (emails ?? "").Split([',', ';', ' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The line in the kind's unit and the addresses as they are kept; or what is wrong with either.</summary>
    public Problem? TryRead(AlertKind kind, out long line, out string emails)
    {
        var addresses = Split(Emails?.ToLowerInvariant()).Distinct().ToList();
        emails = string.Join(',', addresses);
        if (ReadLine(kind, out line) is { } problem) return problem;
        if (addresses.Count > MostEmails) return new("Emails", $"Enter at most {MostEmails} e-mail addresses.");
        return addresses.All(address => address.Length <= MostEmailCharacters && OneAddress.Is(address)) ? null
            : new("Emails", $"Enter e-mail addresses of at most {MostEmailCharacters} characters such as name@clinic.example, with commas between them.");
    }

    private Problem? ReadLine(AlertKind kind, out long line)
    {
        var text = (Line ?? "").Trim();
        if (kind == AlertKind.BalanceBelow) return ReadCount(text, MostCredits, out line) ? null : new("Line", $"Enter a whole number of credits from 1 to {Display.Number(MostCredits)}.");
        if (kind == AlertKind.RunsOutWithin) return ReadCount(text, MostDays, out line) ? null : new("Line", $"Enter a whole number of days from 1 to {MostDays}.");
        line = 0;
        if (!decimal.TryParse(text.TrimStart('£'), NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, Display.British, out var pounds) || pounds is <= 0 or > MostPounds || pounds * 100 % 1 != 0)
            return new("Line", $"Enter the budget in pounds and pence, such as 1,250.00, up to {Display.Number((long)MostPounds)}.");
        line = (long)(pounds * 100);
        return null;
    }

    private static bool ReadCount(string text, long most, out long count) =>
        long.TryParse(text, NumberStyles.AllowThousands, Display.British, out count) && count >= 1 && count <= most;
}
