using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Credits;
using CreditUsage.Tests.Support;
using CsCheck;

namespace CreditUsage.Tests.Features.Credits;

/// <summary>Whatever is entered, used and closed in whatever order, months join without a gap.</summary>
public sealed class RandomLedgerTests(Site site) : IClassFixture<Site>
{
    private static readonly UsageMonth June = new(2026, 6);

    private static readonly Gen<(int What, int Day, int Credits)[]> Acts = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 152], Gen.Int[1, 60]).Array[5, 30];

    [Fact]
    public Task Every_closing_balance_is_the_next_opening_and_the_last_is_the_sum_of_all() => Acts.SampleAsync(async acts =>
    {
        var clinic = await site.SubscriptionAsync("Clinic", June.Start);
        var (sum, closed, number) = (0L, June, 0);
        foreach (var (what, place, credits) in acts)
        {
            var day = June.Start.AddDays(place).ToString("yyyy-MM-dd");
            number++;
            site.Clock.Advance(TimeSpan.FromSeconds(1));
            if (what == 0) sum += (await site.RecordAsync(clinic, Ledgers.Purchase(day, 2, credits, 100, 20, $"A-{number}"))).Credits;
            else if (what == 1) sum += (await site.RecordAsync(clinic, Ledgers.Adjustment(day, 30 - credits == 0 ? 1 : 30 - credits))).Credits;
            else if (what == 2 && (await site.EntriesAsync(clinic)).Find(entry => entry.Kind != LedgerEntryKind.Correction) is { } entry) sum += await TakenBackAsync(clinic, entry);
            else if (what == 3 && closed < new UsageMonth(2026, 11))
            {
                await site.CloseAsync(clinic, closed);
                closed = closed.Next;
            }
            else
            {
                await site.ImportRowsAsync(clinic, CsvRow.Session($"S{number}", day + "T09:00:00Z", minutes: credits * 5), CsvRow.TopUp($"T{number}", day, device: $"{1_000_000_000 + number}"));
                sum -= credits + 1;
            }
        }
        await AssertJoinedAsync(clinic, StatementBasis.Service, sum);
        await AssertJoinedAsync(clinic, StatementBasis.Posting, sum);
        Assert.Equal(sum, await site.AvailableAsync(clinic, site.Clock.GetUtcNow()));
    }, iter: 10, threads: 1);

    private async Task<long> TakenBackAsync(int clinic, LedgerEntry entry)
    {
        var before = (await site.EntriesAsync(clinic)).Count;
        await site.TakeBackAsync(clinic, entry.Id);
        return (await site.EntriesAsync(clinic)).Count == before ? 0 : -entry.Credits;
    }

    private async Task AssertJoinedAsync(int clinic, StatementBasis basis, long sum)
    {
        var balance = 0L;
        for (var month = June; month <= new UsageMonth(2026, 11); month = month.Next)
        {
            var statement = await site.StatementAsync(clinic, month, basis);
            Assert.Equal(balance, statement.Opening);
            Assert.Equal(statement.Opening + statement.Totals.Sum(total => total.Credits), statement.Closing);
            balance = statement.Closing;
        }
        Assert.Equal(sum, balance);
    }
}
