namespace CreditUsage.Features.Savings;

public static class SavingsFindingLabels
{
    /// <summary>Part of the stored key, so it must never change.</summary>
    public static string Code(this SavingsFindingKind kind) => kind switch
    {
        SavingsFindingKind.Idle => "idle",
        SavingsFindingKind.UnusedByStaff => "unused-staff",
        SavingsFindingKind.UnusedByProgram => "unused-program",
        SavingsFindingKind.Overlap => "overlap",
        SavingsFindingKind.Outside => "outside",
        _ => "missing",
    };

    public static string Heading(this SavingsFindingKind kind) => kind switch
    {
        SavingsFindingKind.Idle => "Idle top-ups",
        SavingsFindingKind.UnusedByStaff => "Unused minutes by staff member",
        SavingsFindingKind.UnusedByProgram => "Unused minutes by program",
        SavingsFindingKind.Overlap => "Sessions that overlap",
        SavingsFindingKind.Outside => "Charges outside a schedule",
        _ => "Scheduled days without a charge",
    };

    public static string About(this SavingsFindingKind kind) => kind switch
    {
        SavingsFindingKind.UnusedByStaff => "Staff member",
        SavingsFindingKind.UnusedByProgram => "Program",
        SavingsFindingKind.Overlap => "Client",
        _ => "Device",
    };

    public static string Rule(this SavingsFindingKind kind, int days) => kind switch
    {
        SavingsFindingKind.Idle => $"Devices with no client, or whose client has had no connected session for {days} days. Cost since the device became idle.",
        SavingsFindingKind.UnusedByStaff => "Minutes paid for and not used: each session pays for every five minutes it starts.",
        SavingsFindingKind.UnusedByProgram => "The same minutes and cost by program.",
        SavingsFindingKind.Overlap => "Sessions that started before the same client's earlier session ended. Cost of the later session.",
        SavingsFindingKind.Outside => "Top-ups on days outside their device's schedules, and their cost.",
        _ => "Scheduled days without a top-up, and what they would have cost.",
    };
}

/// <param name="Subject">Ids that stay the same as long as the finding exists.</param>
/// <param name="Pence">Null where a price is not known.</param>
public sealed record SavingsFinding(SavingsFindingKind Kind, string Subject, string About, string Message, long? Pence)
{
    /// <summary>"idle:1306158990:2026-08-14".</summary>
    public string Key => $"{Kind.Code()}:{Subject}";

    /// <summary>A program's name, by which findings were dismissed before programs went by row; null for everything else.</summary>
    public string? FormerSubject { get; init; }

    public bool Has(string key) => key == Key || (FormerSubject is not null && key == $"{Kind.Code()}:{FormerSubject}");
}

/// <summary>In the order of the page.</summary>
public enum SavingsFindingKind
{
    Idle,
    UnusedByStaff,
    UnusedByProgram,
    Overlap,
    Outside,
    Missing,
}
