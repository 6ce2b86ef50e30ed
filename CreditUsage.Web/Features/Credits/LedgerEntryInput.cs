using System.Globalization;
using System.Text.RegularExpressions;
using CreditUsage.Core;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Credits;

/// <summary>The form of an entry. Fields that its kind does not have are ignored.</summary>
public sealed record LedgerEntryInput
{
    public const int MaxCredits = 100_000_000;
    public const int MaxPacks = 10_000;
    public const long MaxPence = 1_000_000_000;

    public string? Day { get; init; }

    public string? Packs { get; init; }

    public string? PackSize { get; init; }

    public string? Paid { get; init; }

    public string? Vat { get; init; }

    public string? Invoice { get; init; }

    public string? Credits { get; init; }

    public string? Reason { get; init; }

    /// <summary>The last entry when the form was shown; it identifies a form that is sent twice.</summary>
    public string? LastSeen { get; init; }

    public long? LastSeenId => long.TryParse(LastSeen, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <param name="kind">Anything but a correction.</param>
    /// <param name="today">UTC.</param>
    public LedgerDraft? Validate(LedgerEntryKind kind, DateOnly startsOn, DateOnly today, out IReadOnlyList<Problem> faults)
    {
        var found = new List<Problem>();
        faults = found;
        if (LastSeenId is null) found.Add(new(null, "The form was incomplete. Open it and send it again."));
        var day = ValidDay(startsOn, today, found);
        var draft = kind == LedgerEntryKind.Purchase ? ValidPurchase(day, found) : ValidOther(kind, day, found);
        return found.Count > 0 ? null : draft;
    }

    /// <summary>Normalises a text like every recorded one; null where it is empty.</summary>
    internal static string? Text(string? raw, string field, string what, bool required, List<Problem> faults)
    {
        if (!RecordedName.TryNormalise(raw ?? "", out var text, out var fault)) faults.Add(new(field, $"The {what} {fault}."));
        else if (text.Length == 0 && required) faults.Add(new(field, $"Enter the {what}."));
        return text.Length == 0 ? null : text;
    }

    private DateOnly ValidDay(DateOnly startsOn, DateOnly today, List<Problem> faults)
    {
        if (LedgerFields.Day(Day) is { } day && day >= startsOn && day <= today) return day;
        faults.Add(new("day", $"Enter a day from {Display.Day(startsOn)} to {Display.Day(today)}."));
        return default;
    }

    private LedgerDraft ValidPurchase(DateOnly day, List<Problem> faults)
    {
        var packs = Needed(LedgerFields.Whole(Packs, 1, MaxPacks), "packs", "Enter the number of packs, from 1 to 10,000.", faults);
        var size = Needed(LedgerFields.Whole(PackSize, 1, MaxCredits), "packSize", "Enter the credits in a pack, from 1 to 100,000,000.", faults);
        if (packs * size > MaxCredits) faults.Add(new("packs", "That is more than 100,000,000 credits. Record it as several purchases."));
        var paid = Needed(LedgerFields.Pence(Paid, MaxPence), "paid", "Enter the pounds paid, including VAT, such as 540.00.", faults);
        var vat = Needed(LedgerFields.Pence(Vat, MaxPence), "vat", "Enter the VAT in pounds, such as 90.00, or 0 for none.", faults);
        if (vat > paid && !faults.Exists(fault => fault.Field == "paid")) faults.Add(new("vat", "The VAT cannot be more than the amount paid. Enter both as on the invoice."));
        var invoice = Text(Invoice, "invoice", "invoice number", required: true, faults);
        var reason = Text(Reason, "reason", "note", required: false, faults);
        return new LedgerDraft(LedgerEntryKind.Purchase, day, faults.Count > 0 ? 0 : (int)(packs * size), reason)
        {
            Purchase = new LedgerPurchase((int)size, paid, vat, invoice ?? ""),
        };
    }

    private LedgerDraft ValidOther(LedgerEntryKind kind, DateOnly day, List<Problem> faults)
    {
        var signed = kind == LedgerEntryKind.Adjustment;
        var credits = LedgerFields.Whole(Credits, signed ? -MaxCredits : 1, MaxCredits);
        if (credits is null or 0) faults.Add(new("credits", signed ? "Enter the credits to add, or a minus to take away, such as -12." : "Enter the credits that were granted, such as 50."));
        var reason = Text(Reason, "reason", signed ? "reason" : "note", required: signed, faults);
        return new LedgerDraft(kind, day, (int)(credits ?? 0), reason);
    }

    private static long Needed(long? value, string field, string message, List<Problem> faults)
    {
        if (value is null) faults.Add(new(field, message));
        return value ?? 0;
    }
}

/// <summary>Parses typed values exactly; null where a value is not valid.</summary>
internal static partial class LedgerFields
{
    private const int Units = 0;
    private const int Pennies = 2;
    private const int Millionths = 6;

    private static readonly string[] Days = ["yyyy-MM-dd", "dd/MM/yyyy", "d/M/yyyy"];

    /// <summary>"2026-10-01" (a browser's date field) or "01/10/2026".</summary>
    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text?.Trim(), Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 9000 ? day : null;

    public static TimeOnly? Time(string? text) => TimeOnly.TryParseExact(text?.Trim(), ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <summary>"1250" or "1,250", but not "1.000", which is a thousand to some and one to others; a sign is allowed where the minimum is negative.</summary>
    public static long? Whole(string? text, long least, long most)
    {
        var plain = (text ?? "").Trim().Replace('\u2212', '-');
        var negative = plain.StartsWith('-') && least < 0;
        if (negative || (plain.StartsWith('+') && least < 0)) plain = plain[1..];
        return Scaled(plain, Units) is { } whole && (negative ? -whole : whole) is var number && number >= least && number <= most ? number : null;
    }

    /// <summary>"£1,234.5", to pence.</summary>
    public static long? Pence(string? text, long most) => Scaled(Pounds(text), Pennies) is { } pence && pence <= most ? pence : null;

    /// <summary>"0.525", to millionths of a pound.</summary>
    public static long? Micros(string? text, long most) => Scaled(Pounds(text), Millionths) is { } micros && micros <= most ? micros : null;

    private static string Pounds(string? text) => (text ?? "").Trim().TrimStart('£').TrimStart();

    /// <summary>The number in units of its last decimal; null where more are typed. Commas must separate groups of three digits.</summary>
    private static long? Scaled(string text, int decimals)
    {
        if (Number().Match(text) is not { Success: true } match || match.Groups["decimals"].Length > decimals) return null;
        var number = decimal.Parse(text, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return (long)(number * decimals switch { Units => 1, Pennies => 100, _ => CreditPrice.MicrosPerPound });
    }

    [GeneratedRegex(@"^([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})(\.(?<decimals>[0-9]{1,6}))?\z", RegexOptions.None, 1000)]
    private static partial Regex Number();
}
