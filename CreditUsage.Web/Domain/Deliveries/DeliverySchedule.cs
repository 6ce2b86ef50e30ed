using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Deliveries;

/// <summary>When and how a subscription's closed months are sent out. At most one a subscription.</summary>
public sealed class DeliverySchedule : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required bool Enabled { get; set; }

    /// <summary>The day of the month, 1 to 28, on which the month before is sent.</summary>
    public required int Day { get; set; }

    /// <summary>The hour, 0 to 23 GMT.</summary>
    public required int Hour { get; set; }

    /// <summary>A link to the saved report instead of the files.</summary>
    public required bool AsLink { get; set; }

    /// <summary>The first month that is sent: what was closed and due before deliveries were switched on is not.</summary>
    public required UsageMonth FirstMonth { get; set; }

    public required string SetBy { get; set; }

    public required DateTimeOffset SetAt { get; set; }
}
