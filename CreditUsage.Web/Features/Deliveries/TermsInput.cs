using System.Globalization;
using CreditUsage.Domain.Deliveries;

namespace CreditUsage.Features.Deliveries;

/// <summary>The form of when and how months are sent, as it was left.</summary>
public sealed record TermsInput
{
    public const string Files = "files";
    public const string Link = "link";

    /// <summary>What the form offers before anything was set.</summary>
    private const int UsualDay = 5;
    private const int UsualHour = 6;

    /// <summary>"on" or "off".</summary>
    public string? Sending { get; init; }

    public string? Day { get; init; }

    public string? Hour { get; init; }

    /// <summary>One of <see cref="Files"/> and <see cref="Link"/>.</summary>
    public string? Content { get; init; }

    public static TermsInput Of(DeliverySchedule? schedule) => new()
    {
        Sending = schedule is { Enabled: true } ? "on" : "off",
        Day = (schedule?.Day ?? UsualDay).ToString(CultureInfo.InvariantCulture),
        Hour = (schedule?.Hour ?? UsualHour).ToString(CultureInfo.InvariantCulture),
        Content = schedule is { AsLink: true } ? Link : Files,
    };
}
