namespace CreditUsage.Domain.Usage;

/// <summary>Where usage comes from.</summary>
public enum UsageSource
{
    /// <summary>A file, by page or verb.</summary>
    Import = 1,

    Api = 2,

    /// <summary>A schedule's daily top-up that was charged here.</summary>
    Charge = 3,

    Correction = 4,

    /// <summary>Recorded before the way in was kept.</summary>
    Unknown = 5,
}
