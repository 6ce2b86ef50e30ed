using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Bench;

/// <summary>The statement of a month over a ledger of 1,000,000 entries, none of whose months is closed, against the database's own program adding up the same.</summary>
internal static class LedgerBench
{
    private const int EventsOfMonth = 10_000;
    private const int Months = 100;
    private const int Purchases = 300;
    private const int Requests = 10;
    private const double Limit = 2;

    public static async Task<IReadOnlyList<Measure>> RunAsync(string folder)
    {
        var data = await BenchData.CreateAsync(folder);
        await data.AddMonthAsync(BenchData.Month, EventsOfMonth);
        data.Repeat(times: Months - 1);
        await AddPurchasesAsync(data);
        await using var site = await SiteProcess.StartAsync(data);
        return
        [
            Measure.Cpu("ledger: statement by service date", await StatementAsync(site, data, "service", Before("ReportMonth", Number), Within("ReportMonth", Number, Number + 1)), Limit),
            Measure.Cpu("ledger: statement by posting instant", await StatementAsync(site, data, "posting", Before("PostedAt", Start), Within("PostedAt", Start, End)), Limit),
        ];
    }

    private static int Number => BenchData.Month.Number;

    private static long Start => Milliseconds(BenchData.Month.Start);

    private static long End => Milliseconds(BenchData.Month.End);

    private static async Task<(Spent, Spent)> StatementAsync(SiteProcess site, BenchData data, string basis, string before, string within)
    {
        var path = $"/credits/statement?year={BenchData.Month.Year}&month={BenchData.Month.Month}&basis={basis}";
        var sqlite = new ChildProgram("sqlite3", ["-html", "-readonly", data.Database, before, within]);
        await site.GetAsync(path, times: 2 * Requests);
        return await Alternating.MediansAsync(() => site.GetAsync(path, times: Requests), () => sqlite.RunAsync(times: Requests));
    }

    private static string Before(string column, long start) => $"""
        SELECT (SELECT sum(Credits) FROM LedgerEntries WHERE SubscriptionId = {BenchData.Subscription} AND {column} < {start})
            - (SELECT sum(Credits) FROM UsageEvents WHERE SubscriptionId = {BenchData.Subscription} AND {column} < {start})
        """;

    private static string Within(string column, long start, long end) => $"""
        SELECT ServiceDate, 'entry', Kind, Credits FROM LedgerEntries WHERE SubscriptionId = {BenchData.Subscription} AND {column} >= {start} AND {column} < {end};
        SELECT ServiceDate, Kind, count(*), sum(Credits) FROM UsageEvents WHERE SubscriptionId = {BenchData.Subscription} AND {column} >= {start} AND {column} < {end} GROUP BY ServiceDate, Kind
        """;

    /// <summary>One for every ten days back from the end of the month.</summary>
    private static async Task AddPurchasesAsync(BenchData data)
    {
        await using var site = await data.OpenAsync();
        await using var scope = site.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(BenchData.Subscription);
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
        db.AddRange(Enumerable.Range(0, Purchases).Select(number => Purchase(BenchData.Month.End.AddDays(-1 - (number * 10)), number)));
        await db.SaveChangesAsync();
    }

    private static LedgerEntry Purchase(DateOnly day, int number) => new()
    {
        SubscriptionId = BenchData.Subscription,
        Kind = LedgerEntryKind.Purchase,
        ServiceDate = day,
        ReportMonth = UsageMonth.Of(day),
        PostedAt = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero),
        Credits = 15_000,
        PackSize = 500,
        PaidPence = 675_000,
        VatPence = 112_500,
        InvoiceNumber = $"B-{number}",
        RecordedAt = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero),
        RecordedBy = BenchData.Email,
    };

    private static long Milliseconds(DateOnly day) => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();
}
