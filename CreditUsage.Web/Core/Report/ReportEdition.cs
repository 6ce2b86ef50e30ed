using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report;

/// <summary>What an anonymised edition of a kept report says of itself.</summary>
/// <param name="Replaces">The SHA-256 of what it was made from, which is gone: a closed month's rows, or a PDF.</param>
public sealed record ReportEdition(DateTimeOffset At, string Replaces)
{
    /// <summary>As many as fit into the foot of a page.</summary>
    private const int FootCharacters = 16;

    public string Sentence => $"{Title}: it replaces the edition with the SHA-256 {Replaces}.";

    public string Foot => $"{Title}, replaces {Replaces[..FootCharacters]}…";

    private string Title => $"Anonymised edition of {Display.Day(DateOnly.FromDateTime(At.UtcDateTime))}";

    /// <summary>Null where the rows are those of the closing.</summary>
    public static ReportEdition? Of(MonthClosing? closing) => closing is { AnonymisedAt: { } at, ReplacesSha256: { } replaced } ? new(at, replaced) : null;
}

/// <summary>How a kept report is made again with codes for clients, from the rows that it had.</summary>
/// <param name="AsAt">When it was saved, which it says again.</param>
/// <param name="RecordedUntil">Rows that were recorded later are left out; null for a closed month in force, whose rows are those that it had.</param>
/// <param name="ClinicName">As it was called then; null where it is called so still.</param>
internal sealed record EditionTerms(AnonymousNames Names, ReportEdition Edition, MonthState State, DateTimeOffset AsAt, DateTimeOffset? RecordedUntil, string? ClinicName);
