using CreditUsage.Domain.Months;
using CreditUsage.Features.Credits;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Credits;

/// <summary>27 months of real input with purchases, grants and adjustments, held against an oracle in plain integers.</summary>
public sealed class StatementOracleTests : IAsyncLifetime
{
    private static readonly UsageMonth First = new(2024, 8);
    private static readonly UsageMonth Last = new(2026, 10);

    private static readonly LedgerDraft[] Drafts =
    [
        Ledgers.Adjustment("2024-08-01", 1_234), Ledgers.Purchase("2024-08-05", 40, 250, 450_000, 75_000, "INV-1"), Ledgers.Grant("2024-12-31", 500), Ledgers.Purchase("2025-02-28", 100, 250, 1_125_000, 187_500, "INV-2"),
        Ledgers.Adjustment("2025-06-30", -37), Ledgers.Purchase("2025-10-01", 80, 500, 1_800_000, 300_000, "INV-3"), Ledgers.Grant("2026-02-28", 1), Ledgers.Purchase("2026-03-29", 7, 999, 314_685, 52_447, "INV-4"),
        Ledgers.Purchase("2026-10-31", 60, 500, 1_440_000, 240_000, "INV-5"), Ledgers.Adjustment("2026-10-31", -1),
    ];

    private readonly Site _site = new();
    private int _clinic;

    public async Task InitializeAsync()
    {
        _clinic = await _site.SubscriptionAsync("Real Clinic", First.Start);
        await _site.ImportAsync(_clinic, SharedData.Usage);
        foreach (var draft in Drafts) await _site.RecordAsync(_clinic, draft);
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_statement_of_27_months_equals_the_oracle_and_closes_with_the_next_ones_opening(int which)
    {
        var basis = (StatementBasis)which;
        IReadOnlyList<Movement> movements = [.. Movement.OfFile(SharedData.Usage), .. Drafts.Select(Movement.Of)];
        var months = 0;
        long? closedWith = null;
        for (var month = First; month <= Last.Next; month = month.Next)
        {
            var statement = await _site.StatementAsync(_clinic, month, basis);
            AssertEqual(month, basis, movements, statement);
            Assert.Equal(closedWith ?? 0, statement.Opening);
            closedWith = statement.Closing;
            months++;
        }
        Assert.Equal(28, months);
        Assert.Equal(movements.Sum(movement => movement.Credits), closedWith);
    }

    [Fact]
    public async Task The_two_bases_differ_at_a_months_edge_by_the_top_ups_of_its_last_day()
    {
        var lastDay = Movement.OfFile(SharedData.Usage).Where(movement => movement.Line == StatementLine.TopUps && movement.ServiceDay == Last.End.AddDays(-1)).Sum(movement => movement.Credits);

        var (service, posting) = (await _site.StatementAsync(_clinic, Last, StatementBasis.Service), await _site.StatementAsync(_clinic, Last, StatementBasis.Posting));

        Assert.True(lastDay < 0);
        Assert.Equal(service.Closing - lastDay, posting.Closing);
    }

    private static void AssertEqual(UsageMonth month, StatementBasis basis, IReadOnlyList<Movement> movements, CreditStatement statement)
    {
        var own = movements.Where(movement => movement.Day(basis) >= month.Start && movement.Day(basis) < month.End).ToList();
        var opening = movements.Where(movement => movement.Day(basis) < month.Start).Sum(movement => movement.Credits);
        Assert.Equal(opening, statement.Opening);
        Assert.All(statement.Totals, total => Assert.Equal(own.Where(movement => movement.Line == total.Line).Sum(movement => movement.Credits), total.Credits));
        Assert.Equal(opening + own.Sum(movement => movement.Credits), statement.Closing);

        // Usage stands together by day and kind, every entry by itself.
        var rows = own.GroupBy(movement => movement.Line is StatementLine.Sessions or StatementLine.TopUps ? (movement.Day(basis), movement.Line, 0) : (movement.Day(basis), movement.Line, own.IndexOf(movement)))
            .Select(row => (Day: row.Key.Item1, row.Key.Line, Credits: row.Sum(movement => movement.Credits))).OrderBy(row => row.Day).ThenBy(row => row.Line).ToList();
        Assert.Equal(rows, statement.Rows.Select(row => (row.Day, row.Line, row.Credits)));
        var balance = opening;
        Assert.All(statement.Rows, row => Assert.Equal(balance += row.Credits, row.Balance));
    }
}
