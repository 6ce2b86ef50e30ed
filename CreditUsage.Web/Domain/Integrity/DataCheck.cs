namespace CreditUsage.Domain.Integrity;

/// <summary>How the latest check of its kind ended. One row for each kind, and for each subscription where the kind goes by subscription.</summary>
public sealed class DataCheck
{
    /// <summary>For <see cref="Of"/> where a check is of the whole site.</summary>
    public const int Site = 0;

    public required DataCheckKind Kind { get; init; }

    /// <summary>A subscription's id, or <see cref="Site"/>.</summary>
    public required int Of { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The first thing that does not hold, without a name of anybody; null where all holds.</summary>
    public string? Problem { get; init; }

    /// <summary>When all held the last time.</summary>
    public DateTimeOffset? SoundAt { get; init; }
}

/// <summary>The numbers are stored: they never change.</summary>
public enum DataCheckKind
{
    /// <summary>The database's own structure.</summary>
    Database = 1,

    /// <summary>What a subscription has: closed months, kept files, ledger and audit.</summary>
    Records = 2,

    Backup = 3,
}
