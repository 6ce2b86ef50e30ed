using System.Globalization;
using System.Text.RegularExpressions;

namespace CreditUsage.Domain.Usage;

/// <summary>Turns input into a <see cref="UsageRecord"/>, or lists everything that is wrong with it (domain.md, Real input).</summary>
/// <param name="now">Events more than <see cref="ClockSkew"/> after it are refused.</param>
public sealed partial class UsageValidator(DateOnly startsOn, DateTimeOffset now) : FieldRules
{
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
    public const int MaxSessionMinutes = 24 * 60;

    // A colon that is not quoted is the culture's separator, which is compared by the culture's rules: a sixth of an import's time.
    private static readonly string[] InstantFormats =
        ["yyyy-MM-dd'T'HH':'mm':'sszzz", "yyyy-MM-dd'T'HH':'mm':'ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH':'mmzzz"];

    public UsageRecord? Validate(UsageInput input, out IReadOnlyList<UsageFault> faults)
    {
        var kind = Kind(input.Kind);
        var record = kind is null ? null : Record(input, kind.Value);
        return TakeFaults(out faults) ? null : record;
    }

    /// <summary>Reads 0 or more pounds with at most two decimals, such as "9.45", without white space around them.</summary>
    public static bool TryReadPounds(string text, out long pence)
    {
        var fine = Pounds().IsMatch(text);
        pence = fine ? (long)(decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * 100) : 0;
        return fine;
    }

    private UsageRecord Record(UsageInput input, UsageKind kind)
    {
        var session = kind == UsageKind.ConnectedSession;
        var hasClient = session || input.ClientId.Trim().Length > 0 || input.ClientName.Trim().Length > 0;
        if (session) RequireEmpty("device_id", input.DeviceId, "A connected session has no device");
        if (session) RequireEmpty("identity_note", input.IdentityNote, "A connected session has no device");
        if (!session) RequireEmpty("duration_minutes", input.DurationMinutes, "A daily top-up lasts a day");

        return new UsageRecord(
            Id("event_id", input.EventId),
            kind,
            session ? Instant(input.OccurredAt) : Day(input.OccurredAt),
            Id("staff_id", input.StaffId),
            Name("staff_name", input.StaffName, required: true),
            hasClient ? Id("client_id", input.ClientId) : null,
            hasClient ? Name("client_name", input.ClientName, required: true) : null,
            Name("program", input.Program, required: true),
            session ? null : Device(input.DeviceId),
            session ? null : Name("identity_note", input.IdentityNote, required: false),
            session ? WholeNumber("duration_minutes", input.DurationMinutes, MaxSessionMinutes, required: true) : null,
            WholeNumber("credits", input.Credits, 1_000_000, required: false),
            Pence(input.CostGbp));
    }

    private UsageKind? Kind(string raw)
    {
        switch (raw.Trim())
        {
            case UsageKinds.ConnectedSession: return UsageKind.ConnectedSession;
            case UsageKinds.DailyTopUp: return UsageKind.DailyTopUp;
        }
        Fault("kind", $"{Quote(raw)} is not a kind; write {UsageKinds.ConnectedSession} or {UsageKinds.DailyTopUp}.");
        return null;
    }

    private DateTimeOffset Instant(string raw)
    {
        const string write = "write an instant with its offset, such as 2026-10-01T09:30:00Z";
        // RFC 3339 allows both cases of its letters.
        var upper = raw.Trim().ToUpperInvariant();
        var text = upper.EndsWith('Z') ? string.Concat(upper.AsSpan(0, upper.Length - 1), "+00:00") : upper;
        if (!DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant))
        {
            Fault("occurred_at", $"{Quote(raw)} is not an instant; {write}.");
            return default;
        }
        return InPeriod(DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds()));
    }

    private DateTimeOffset Day(string raw)
    {
        if (!DateOnly.TryParseExact(raw.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            Fault("occurred_at", $"{Quote(raw)} is not a day; write the top-up's day, such as 2026-10-01.");
            return default;
        }
        return InPeriod(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
    }

    private DateTimeOffset InPeriod(DateTimeOffset instant)
    {
        if (DateOnly.FromDateTime(instant.UtcDateTime) < startsOn)
            Fault("occurred_at", $"This is before the subscription's start on {startsOn:yyyy-MM-dd}; leave the event out or correct its date.");
        else if (instant > now + ClockSkew)
            Fault("occurred_at", $"This is in the future, it is now {now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}; correct it or send it when it has happened.");
        return instant;
    }

    private int? WholeNumber(string field, string raw, int largest, bool required)
    {
        var text = raw.Trim();
        if (text.Length == 0 && !required) return null;
        if (WholeInFile().IsMatch(text) && int.TryParse(WholePart(text), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= largest)
            return number;
        Fault(field, $"{Quote(raw)} is not a whole number from 0 to {largest}; write digits only.");
        return null;
    }

    private static ReadOnlySpan<char> WholePart(string text) => text.IndexOf('.', StringComparison.Ordinal) is var point and >= 0 ? text.AsSpan(0, point) : text;

    private long? Pence(string raw)
    {
        var text = raw.Trim();
        if (text.Length == 0) return null;
        if (TryReadPounds(text, out var pence)) return pence;
        Fault("cost_gbp", $"{Quote(raw)} is not an amount; write pounds with at most two decimals, such as 9.45.");
        return null;
    }

    private void RequireEmpty(string field, string raw, string because)
    {
        if (raw.Trim().Length > 0) Fault(field, $"{because}; leave this empty.");
    }

    /// <summary>Other programs write whole numbers as decimals: "5.0".</summary>
    [GeneratedRegex(@"^[0-9]{1,9}(\.0{1,9})?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WholeInFile();

    [GeneratedRegex(@"^[0-9]{1,9}(\.[0-9]{1,2})?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pounds();
}
