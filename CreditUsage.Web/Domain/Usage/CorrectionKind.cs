namespace CreditUsage.Domain.Usage;

/// <summary>What a correction does to the event that it points at (domain.md rule 7).</summary>
public enum CorrectionKind
{
    /// <summary>Takes the whole event back.</summary>
    Reversal = 1,

    /// <summary>Changes its minutes, credits or cost.</summary>
    Adjustment = 2,
}
