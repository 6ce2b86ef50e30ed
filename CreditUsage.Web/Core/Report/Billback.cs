using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Report;

/// <summary>How a billback speaks of those who are billed.</summary>
public static class BillbackLabels
{
    /// <summary>The words in a query string, in the order in which they are offered.</summary>
    private static readonly (BillbackBy By, string Word)[] Words = [(BillbackBy.Staff, "staff"), (BillbackBy.Client, "client"), (BillbackBy.Program, "program")];

    public static IEnumerable<BillbackBy> All => Words.Select(word => word.By);

    public static string Word(this BillbackBy by) => Words.Single(word => word.By == by).Word;

    /// <summary>Null where there is no such word.</summary>
    public static BillbackBy? Of(string? word) => Words.FirstOrDefault(known => known.Word == word) is { Word: not null } found ? found.By : null;

    /// <summary>"Staff member".</summary>
    public static string Label(this BillbackBy by) => by switch { BillbackBy.Staff => "Staff member", BillbackBy.Client => "Client", _ => "Program" };

    /// <summary>The rule for the cost that nobody owns, in a sentence.</summary>
    public static string Rule(this BillbackBy by) => by switch
    {
        BillbackBy.Client => "What shared cards cost belongs to no client. It is a line of its own and is not shared out among the clients.",
        BillbackBy.Staff => "Every event belongs to the staff member who initiated it or set it up, so there is no cost that nobody owns.",
        _ => "Every event belongs to its program, so there is no cost that nobody owns.",
    };
}

/// <summary>Who is billed for a month.</summary>
public enum BillbackBy
{
    Staff,
    Client,
    Program,
}

/// <summary>What one of those who are billed has to answer for.</summary>
/// <param name="Title">The name as the month's last row has it, or what stands for nobody.</param>
/// <param name="Rows">In the report's order.</param>
public sealed record BillbackGroup(string Title, bool IsNobody, IReadOnlyList<UsageRow> Rows)
{
    public UsageTotal Total { get; } = Rows.Aggregate(UsageTotal.Nothing, (total, row) => total + Of(row));

    private static UsageTotal Of(UsageRow row) => new(
        row.Correction is null ? 1 : 0, row.Correction is null ? 0 : 1, row.DurationMinutes ?? 0, DeviceDays(row), row.Credits, row.CostPence ?? 0, row.CostPence is null ? 1 : 0);

    private static int DeviceDays(UsageRow row) => (row.Kind, row.Correction?.Kind) switch
    {
        (not UsageKind.DailyTopUp, _) or (_, CorrectionKind.Adjustment) => 0,
        (_, null) => 1,
        _ => -1,
    };
}
