using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Report;

/// <summary>What a correction puts right.</summary>
/// <param name="EventId">The event that it points at.</param>
/// <param name="Reason">In the words of who corrected; empty in an accountant's copy.</param>
public sealed record UsageCorrection(CorrectionKind Kind, string EventId, string Reason)
{
    /// <summary>": wrong client", or nothing where the reason is left out.</summary>
    public string Because => Reason.Length == 0 ? "" : $": {Reason}";
}
