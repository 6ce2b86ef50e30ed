using System.Globalization;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Report;

/// <summary>What a report is narrowed to: all of it must hold. People are told by their own ids, programs by name, devices by their ten digits.</summary>
/// <param name="Client"><see cref="NoClient"/> for what belongs to none.</param>
/// <param name="From">The first service date.</param>
/// <param name="To">The last service date.</param>
/// <param name="Text">What a name, a device's id or note, or the event's id has in it, whatever its case and accents.</param>
public sealed record UsageNarrowing(string? Staff, string? Client, string? Program, string? Device, DateOnly? From, DateOnly? To, string? Text)
{
    /// <summary>The value of client= for shared cards.</summary>
    public const string NoClient = "-";

    public static UsageNarrowing None { get; } = new(null, null, null, null, null, null, null);

    /// <summary>The names and values of its query string.</summary>
    public IEnumerable<(string Name, string Value)> Parameters => new[]
    {
        ("staff", Staff), ("client", Client), ("program", Program), ("device", Device), ("from", Day(From)), ("to", Day(To)), ("q", Text),
    }.Where(parameter => parameter.Item2 is not null)!;

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
