namespace CreditUsage.Domain.Usage;

/// <summary>Rewrites the values of a clinic's own file as domain.md writes them. What cannot be read stays, for <see cref="UsageValidator"/> to refuse.</summary>
public sealed class MappedUsage(ColumnMapping mapping)
{
    private readonly FileDates _dates = new(mapping);
    private readonly FileNumbers _numbers = new(mapping.DecimalComma);

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
            DurationMinutes = _numbers.Read("duration_minutes", raw.DurationMinutes, faults),
            Credits = _numbers.Read("credits", raw.Credits, faults),
            CostGbp = _numbers.Read("cost_gbp", raw.CostGbp, faults),
        };
    }

    private static string KindOf(string raw) => string.Concat(raw.Where(char.IsAsciiLetter)).ToLowerInvariant() switch
    {
        "connectedsession" or "connectedsessions" or "session" or "sessions" => UsageKinds.ConnectedSession,
        "dailytopup" or "dailytopups" or "topup" or "topups" => UsageKinds.DailyTopUp,
        _ => raw,
    };
}
