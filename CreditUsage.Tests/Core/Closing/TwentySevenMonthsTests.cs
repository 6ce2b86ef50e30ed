using System.Globalization;
using System.Security.Cryptography;
using CreditUsage.Core.Closing;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Corrections;
using CreditUsage.Features.Credits;
using CreditUsage.Tests.Features.Credits;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Closing;

/// <summary>A clinic's books over 27 months of real input, closed one after the other while things come in late and are put right.</summary>
public sealed class TwentySevenMonthsTests : IAsyncLifetime
{
    private static readonly UsageMonth First = new(2024, 8);
    private static readonly UsageMonth Last = new(2026, 10);

    private static readonly (string FromDay, long Micros)[] Prices = [("2024-08-01", 450_000), ("2026-01-01", 525_000)];
    private static readonly IReadOnlyList<string[]> Rows = SharedData.Rows(SharedData.Usage);

    private static readonly LedgerDraft FirstPacks = Ledgers.Purchase("2024-08-05", 40, 250, 450_000, 75_000, "INV-1");
    private static readonly LedgerDraft TypedTwice = Ledgers.Grant("2025-01-15", 75);
    private static readonly LedgerDraft WrongPacks = Ledgers.Purchase("2025-02-28", 100, 205, 1_125_000, 187_500, "INV-2");
    private static readonly LedgerDraft LatePacks = Ledgers.Purchase("2025-08-20", 80, 500, 1_800_000, 300_000, "INV-4");

    private readonly Site _site = new() { ChangeServices = QuickEngine.AddTo };
    private readonly MonthsOracle _oracle = new(MonthsOracle.NumberOf("2024-08"), Prices);
    private readonly Dictionary<LedgerDraft, long> _entries = [];

    /// <summary>As each closing was answered, in order.</summary>
    private readonly List<MonthClosing> _closings = [];
    private int _clinic;

    public async Task InitializeAsync()
    {
        _clinic = await _site.SubscriptionAsync("Real Clinic", First.Start);
        foreach (var (day, micros) in Prices) await _site.PriceAsync(_clinic, DateOnly.Parse(day, CultureInfo.InvariantCulture), micros);
        Assert.Equal(Rows.Count, (await _site.ImportAsync(_clinic, SharedData.Usage)).Accepted);
        _oracle.Record(Rows);
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task Every_statement_and_closing_of_27_months_equals_the_oracle_and_every_closed_file_keeps_its_hash()
    {
        foreach (var act in Acts())
        {
            _site.Clock.Advance(TimeSpan.FromMinutes(1));
            await DoAsync(act);
            _oracle.Do(act);
        }

        Assert.True(_oracle.Late() > 20);
        await AssertStatementsAsync();
        AssertClosings();
        await AssertKeptAsync();
    }

    /// <summary>Each month's statement by service date, the one in progress included; each closes with the next one's opening, by posting instant too.</summary>
    private async Task AssertStatementsAsync()
    {
        var (months, closedWith, postedWith) = (0, 0L, 0L);
        for (var month = First; month <= Last.Next; month = month.Next)
        {
            var statement = await _site.StatementAsync(_clinic, month, StatementBasis.Service);
            Assert.Equal((month, _oracle.Month(month.Number)), (month, ShownBy(statement)));
            Assert.Equal(closedWith, statement.Opening);
            Assert.Equal(month <= Last, statement.State.IsClosed);
            var posted = await _site.StatementAsync(_clinic, month, StatementBasis.Posting);
            Assert.Equal(postedWith, posted.Opening);
            (closedWith, postedWith) = (statement.Closing, posted.Closing);
            months++;
        }
        Assert.Equal(28, months);
        // Everything has been posted by now, so both ways of counting end with what is in hand.
        Assert.Equal((closedWith, closedWith), (postedWith, await _site.AvailableAsync(_clinic, _site.Clock.GetUtcNow())));
    }

    /// <summary>What each closing said, the first version of the reopened month included.</summary>
    private void AssertClosings()
    {
        Assert.Equal(28, _closings.Count);
        Assert.Equal(_oracle.Closings, _closings.Select(closing => new OracleClosing(
            closing.Month.Number, closing.Version, closing.OpeningCredits, closing.ClosingCredits, closing.Events, closing.Corrections, closing.Credits, closing.CostPence)));
        var standing = _closings.GroupBy(closing => closing.Month).Select(versions => versions.Last()).OrderBy(closing => closing.Month).ToList();
        Assert.All(standing.Zip(standing.Skip(1)), pair => Assert.Equal(pair.First.ClosingCredits, pair.Second.OpeningCredits));
        // What a closed month said is what its statement says after all that came later.
        Assert.All(standing, closing => Assert.Equal(_oracle.Month(closing.Month.Number).Closing, closing.ClosingCredits));
    }

    /// <summary>The rows of the closings are as they were answered, but for the reopening, and the files are what the rows say.</summary>
    private async Task AssertKeptAsync()
    {
        var kept = await _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().MonthClosings.AsNoTracking().OrderBy(closing => closing.Id).ToListAsync());
        Assert.Equal(_closings.Select(Sealed), kept.Select(Sealed));
        Assert.Equal(["2025-08 v1"], kept.Where(closing => closing.ReopenedAt is not null).Select(closing => $"{closing.Month} v{closing.Version}"));
        foreach (var closing in kept)
        {
            Assert.Equal(closing.PdfSha256, await HashAsync(closing.PdfSha256, "pdf"));
            Assert.Equal(closing.RowsSha256, await HashAsync(closing.RowsSha256, MonthClosing.RowsExtension));
        }
        Assert.Equal(2 * kept.Count, kept.SelectMany(closing => new[] { closing.PdfSha256, closing.RowsSha256 }).Distinct().Count());
    }

    /// <summary>Month by month: what is done before it is closed, the closing, and what is done after it.</summary>
    private static IEnumerable<Act> Acts()
    {
        for (var month = First; month <= Last; month = month.Next)
        {
            foreach (var act in Before(month.ToString())) yield return act;
            yield return new Close(month);
            foreach (var act in After(month.ToString())) yield return act;
        }
    }

    private static Act[] Before(string month) => month switch
    {
        "2024-08" => [
            new Enter(Ledgers.Adjustment("2024-08-01", 1_234)), new Enter(FirstPacks),
            new Reverse(SessionOf(month, 3)), new Adjust(SessionOf(month, 9), 12, null, 135), new Reverse(TopUpOf(month, 11))],
        "2024-10" => [new Import(Late("L1", "2024-08-31T23:59:59.999Z", 10), CsvRow.TopUp("L2", "2024-09-30", "9000000001")), new Enter(Ledgers.Purchase("2024-09-15", 2, 250, 22_500, 3_750, "INV-1B"))],
        "2024-12" => [new Enter(Ledgers.Grant("2024-12-31", 500)), new Adjust(SessionOf("2024-10", 5), 70, null, 630), new Adjust(SessionOf(month, 1), 7, 30, 1)],
        "2025-01" => [
            // The same line again changes nothing.
            new Import(Late("L1", "2024-08-31T23:59:59.999Z", 10), Late("L3", "2024-12-01T00:00:00Z", 33)),
            new Enter(TypedTwice), new Reverse("L1"), new TakeBack(TypedTwice)],
        "2025-02" => [new Enter(WrongPacks), new Adjust(TopUpOf("2024-11", 2), null, 2, 90), new Reverse(TopUpOf("2024-11", 2))],
        "2025-03" => [new TakeBack(WrongPacks), new Enter(Ledgers.Purchase("2025-02-28", 100, 250, 1_125_000, 187_500, "INV-2"))],
        "2025-06" => [new Enter(Ledgers.Adjustment("2025-06-30", -37)), new Import(Late("L4", "2025-05-31T12:00:00Z", 61), CsvRow.TopUp("L5", "2025-03-01", "9000000001", credits: "3", cost: "1.23"))],
        "2025-10" => [new Enter(Ledgers.Purchase("2025-10-01", 80, 500, 1_800_000, 300_000, "INV-3")), new Adjust("L4", 5, null, null), new Reverse(SessionOf(month, 20))],
        "2025-12" => [new Adjust(SessionOf(month, 4), 25, null, 240), new TakeBack(FirstPacks), new Enter(Ledgers.Purchase("2024-08-05", 45, 250, 450_000, 75_000, "INV-1"))],
        "2026-01" => [
            // At 52.5p a credit: 3 credits are 157.5p, put right to one of 52.5p.
            new Import(Late("L6", "2025-12-31T23:00:00Z", 15), Late("N1", "2026-01-01T00:00:00Z", 15)), new Adjust("N1", 4, null, null), new Adjust(SessionOf("2025-12", 4), 45, null, 432)],
        "2026-02" => [new Enter(Ledgers.Grant("2026-02-28", 1)), new Reverse("N1"), new Import(Late("N2", "2026-02-28T23:59:59Z", 1))],
        "2026-03" => [new Enter(Ledgers.Purchase("2026-03-29", 7, 999, 314_685, 52_447, "INV-5"))],
        "2026-05" => [new Import(Late("L7", "2026-01-20T08:00:00Z", 90), Late("L8", "2026-04-30T08:00:00Z", 11)), new Reverse("N2"), new Enter(Ledgers.Adjustment("2026-04-30", 12))],
        "2026-08" => [new Reverse("L7"), new Reverse(SessionOf("2024-08", 9)), new Adjust(SessionOf(month, 2), 40, null, 420)],
        "2026-10" => [new Enter(Ledgers.Purchase("2026-10-31", 60, 500, 1_440_000, 240_000, "INV-6")), new Enter(Ledgers.Adjustment("2026-10-31", -1)), new Reverse(TopUpOf(month, 1))],
        _ => [],
    };

    private static Act[] After(string month) => month switch
    {
        "2024-08" => [new Import(Late("A1", "2024-08-02T10:00:00Z", 21)), new Reverse(TopUpOf(month, 4))],
        "2025-01" => [new Adjust(SessionOf(month, 8), 50, null, 450)],
        "2025-04" => [new Enter(Ledgers.Purchase("2025-04-30", 3, 250, 33_750, 5_625, "INV-2B")), new Enter(Ledgers.Grant("2025-03-31", 9))],
        "2025-08" => [
            new Import(Late("A2", "2025-08-15T10:00:00Z", 30), Late("A3", "2025-05-02T10:00:00Z", 20)), new Enter(LatePacks), new Reverse(SessionOf(month, 6)),
            new Reopen(new UsageMonth(2025, 8)),
            // A2, INV-4 and the reversal are August's again; A3 stays in September, its correction is shown in the month that is open now.
            new Import(Late("A4", "2025-06-30T10:00:00Z", 25), Late("A5", "2025-08-31T10:00:00Z", 5)), new Adjust("A3", 10, null, null), new Adjust("A2", 45, null, null), new Reverse(SessionOf(month, 7)),
            new Close(new UsageMonth(2025, 8)),
            new Import(Late("A6", "2025-08-01T10:00:00Z", 55)), new TakeBack(LatePacks)],
        "2026-01" => [new Import(Late("A7", "2026-01-31T23:59:59Z", 3)), new Reverse("A7")],
        "2026-06" => [new Enter(Ledgers.Adjustment("2026-06-01", 100)), new Adjust(TopUpOf(month, 3), null, 4, 210)],
        "2026-10" => [
            new Import(Late("A8", "2026-10-31T23:59:59Z", 35), Late("A9", "2026-11-02T09:00:00Z", 35), CsvRow.TopUp("A10", "2026-10-31", "9000000001")),
            new Reverse(SessionOf(month, 12)), new Enter(Ledgers.Purchase("2026-10-15", 1, 250, 13_125, 2_187, "INV-7")), new Enter(Ledgers.Grant("2026-11-20", 60))],
        _ => [],
    };

    private Task DoAsync(Act act) => act switch
    {
        Import import => ImportAsync(import.Rows),
        Reverse reverse => InAsync<CorrectUsage, UsageEvent>(correct => correct.ReverseAsync(reverse.EventId, "Ran twice", CancellationToken.None)),
        Adjust adjust => InAsync<CorrectUsage, UsageEvent>(correct =>
            correct.AdjustAsync(adjust.EventId, new AdjustedUsage(adjust.Minutes, adjust.Credits, adjust.Pence), "Measured again", CancellationToken.None)),
        Enter enter => EnterAsync(enter.Draft),
        TakeBack back => _site.TakeBackAsync(_clinic, _entries[back.Draft]),
        Close close => CloseAsync(close.Month),
        Reopen reopen => _site.InAsync(_clinic, async services =>
        {
            await services.GetRequiredService<ReopenMonth>().RunAsync(reopen.Month, "A purchase was forgotten", CancellationToken.None);
            return true;
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(act)),
    };

    private async Task ImportAsync(string[] rows) => Assert.True((await _site.ImportRowsAsync(_clinic, rows)).Stored);

    private async Task EnterAsync(LedgerDraft draft) => _entries.Add(draft, (await _site.RecordAsync(_clinic, draft)).Id);

    private async Task CloseAsync(UsageMonth month) =>
        _closings.Add(await InAsync<CloseMonth, MonthClosing>(close => close.RunAsync(month, "There is no proof in this test", CancellationToken.None)));

    private Task<T> InAsync<TFeature, T>(Func<TFeature, Task<T>> act) where TFeature : notnull => _site.InAsync(_clinic, services => act(services.GetRequiredService<TFeature>()));

    private async Task<string> HashAsync(string sha256, string extension) =>
        Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(_site.DataPath, "reports", sha256[..2], $"{sha256}.{extension}"))));

    /// <summary>All of a closing but what a reopening adds.</summary>
    private static object Sealed(MonthClosing closing) => (
        closing.Month, closing.Version, closing.ClosedAt, closing.RowsSha256, closing.PdfSha256, closing.SavedReportId,
        closing.Events, closing.Corrections, closing.Credits, closing.CostPence, closing.OpeningCredits, closing.ClosingCredits);

    private static OracleMonth ShownBy(CreditStatement statement)
    {
        long Of(StatementLine line) => statement.Totals.Single(total => total.Line == line).Credits;
        return new OracleMonth(
            statement.Opening, Of(StatementLine.Purchases), Of(StatementLine.Grants), Of(StatementLine.Adjustments), Of(StatementLine.EntryCorrections), Of(StatementLine.UsageCorrections),
            Of(StatementLine.Sessions), Of(StatementLine.TopUps), statement.Closing);
    }

    private static string Late(string id, string at, int minutes) => CsvRow.Session(id, at, minutes);

    /// <summary>The id of a month's n-th session in the file.</summary>
    private static string SessionOf(string month, int n) => EventOf(month, "connected-session", n);

    private static string TopUpOf(string month, int n) => EventOf(month, "daily-top-up", n);

    private static string EventOf(string month, string kind, int n) =>
        Rows.Where(row => row[1] == kind && row[2].StartsWith(month, StringComparison.Ordinal)).ElementAt(n - 1)[0];
}
