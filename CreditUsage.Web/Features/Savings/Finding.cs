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
        SavingsFindingKind.Idle => $"Devices that run or were charged though they have no client, or though their client has had no connected session for {days} days. The pounds are what the month charged since the idle stretch began.",
        SavingsFindingKind.UnusedByStaff => "A session pays for every five minutes that it begins. The minutes that were paid for and not used, and their share of the cost: for each session its cost times the unused part of its minutes, rounded once to whole pence, half away from zero.",
        SavingsFindingKind.UnusedByProgram => "The same minutes and pounds by program.",
        SavingsFindingKind.Overlap => "Sessions that began before an earlier one of the same client was over. The pounds are the later session's cost. A device cannot have two top-ups for one day: the second is refused when it comes in.",
        SavingsFindingKind.Outside => "Top-ups for days on which no schedule of their device runs, of devices that have a schedule. The pounds are what they cost.",
        _ => "Days that a schedule asks a top-up for and that have none. The pounds are what has not been charged: one credit a day at the price of the month's other events of that day or the last day before it; a dash where the month has no such price.",
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
