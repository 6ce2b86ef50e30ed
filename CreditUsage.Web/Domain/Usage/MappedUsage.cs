using System.Text.RegularExpressions;

namespace CreditUsage.Domain.Usage;

/// <summary>Rewrites the values of a clinic's own file as domain.md writes them. What cannot be read stays, for <see cref="UsageValidator"/> to refuse.</summary>
public sealed partial class MappedUsage(ColumnMapping mapping)
{
    private readonly FileDates _dates = new(mapping);

    /// <summary>The rows of a file have few kinds, mostly that of the row before.</summary>
    private (string Raw, string Kind) _last = ("", "");

    /// <param name="faults">Receives what is wrong with a date or a number; the validator's faults of the same fields say less.</param>
    public UsageInput Read(UsageInput raw, ICollection<UsageFault> faults)
    {
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentNullException.ThrowIfNull(faults);
        if (mapping.EveryKind is null && raw.Kind != _last.Raw) _last = (raw.Kind, KindOf(raw.Kind));
        var kind = mapping.EveryKind is { } every ? every.Code() : _last.Kind;
        return raw with
        {
            Kind = kind,
            OccurredAt = kind switch
            {
                UsageKinds.ConnectedSession => _dates.Instant(raw.OccurredAt, faults),
                UsageKinds.DailyTopUp => _dates.Day(raw.OccurredAt, faults),
                _ => raw.OccurredAt,
            },
            DurationMinutes = Number("duration_minutes", raw.DurationMinutes, faults),
            Credits = Number("credits", raw.Credits, faults),
            CostGbp = Number("cost_gbp", raw.CostGbp, faults),
        };
    }

    private static string KindOf(string raw) => string.Concat(raw.Where(char.IsAsciiLetter)).ToLowerInvariant() switch
    {
        "connectedsession" or "connectedsessions" or "session" or "sessions" => UsageKinds.ConnectedSession,
        "dailytopup" or "dailytopups" or "topup" or "topups" => UsageKinds.DailyTopUp,
        _ => raw,
    };

    /// <summary>Without the pound sign, spaces and separators of thousands, with a point for the decimals and no zeros behind the pence.</summary>
    private string Number(string field, string raw, ICollection<UsageFault> faults)
    {
        if (!raw.AsSpan().ContainsAnyExceptInRange('0', '9')) return raw;
        var text = Decoration().IsMatch(raw) ? Decoration().Replace(raw, "") : raw;
        if (Plain(text, mapping.DecimalComma ? ',' : '.')) return text.Replace(',', '.');
        if (mapping.DecimalComma)
        {
            if (text.Contains('.', StringComparison.Ordinal) && !PointThousands().IsMatch(text))
            {
                faults.Add(new UsageFault(field, $"\"{text}\" has a point, and the decimal sign of this file is a comma; write 9,45."));
                return raw;
            }
            text = text.Replace(".", "", StringComparison.Ordinal).Replace(',', '.');
        }
        else if (CommaThousands().IsMatch(text))
        {
            text = text.Replace(",", "", StringComparison.Ordinal);
        }
        return ZerosBehindPence().Replace(text, "$1");
    }

    /// <summary>Whether there is nothing to do but to write a point for the decimal sign.</summary>
    private static bool Plain(string text, char decimalSign) => text.Length > 3 && text[^3] == decimalSign && !text.AsSpan(0, text.Length - 3).ContainsAnyExceptInRange('0', '9')
        && char.IsAsciiDigit(text[^2]) && char.IsAsciiDigit(text[^1]);

    [GeneratedRegex(@"[\s£]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Decoration();

    [GeneratedRegex(@"^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CommaThousands();

    [GeneratedRegex(@"^[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PointThousands();

    [GeneratedRegex(@"^([0-9]+\.[0-9]{2})0+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ZerosBehindPence();
}
