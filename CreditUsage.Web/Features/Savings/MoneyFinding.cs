using CreditUsage.Core.Report;

namespace CreditUsage.Features.Savings;

/// <summary>Something that may be put right, and what it costs.</summary>
/// <param name="Whom">Whom or what it is about, in ids that stay the same as long as it is found.</param>
/// <param name="About">The same as a person reads it.</param>
/// <param name="Said">What was found, in sentences.</param>
/// <param name="Pence">Null where a price is not known.</param>
public sealed record MoneyFinding(MoneyFindingKind Kind, string Whom, string About, string Said, long? Pence)
{
    /// <summary>"idle:1306158990:2026-08-14".</summary>
    public string Key => $"{Kind.Word()}:{Whom}";
}
