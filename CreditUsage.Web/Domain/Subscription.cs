namespace CreditUsage.Domain;

/// <summary>A clinic's account, to which everything else belongs.</summary>
public sealed class Subscription
{
    public int Id { get; init; }

    public required string Name { get; set; }

    /// <summary>The first day whose usage can be reported.</summary>
    public required DateOnly StartsOn { get; set; }

    /// <summary>ISO 4217. Every amount is in pence of it; only GBP is in use.</summary>
    public string Currency { get; init; } = "GBP";

    /// <summary>From this day on schedules charge top-ups here; null where they only come from outside.</summary>
    public DateOnly? ChargesTopUpsFrom { get; set; }

    public bool RequiresTwoFactor { get; set; }

    public int LastReportNumber { get; set; }

    /// <summary>As it was called then, for a month that was closed under an earlier name; null for the present one.</summary>
    public Subscription Named(string? name) => name is null ? this : new()
    {
        Id = Id,
        Name = name,
        StartsOn = StartsOn,
        Currency = Currency,
        ChargesTopUpsFrom = ChargesTopUpsFrom,
        RequiresTwoFactor = RequiresTwoFactor,
        LastReportNumber = LastReportNumber,
    };
}

/// <summary>Belongs to one subscription. The database context filters every such type and refuses to write one for another subscription.</summary>
public interface IOwnedBySubscription
{
    int SubscriptionId { get; }
}
