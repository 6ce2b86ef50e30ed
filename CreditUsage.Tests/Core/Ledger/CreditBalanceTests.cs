using CreditUsage.Core.Ledger;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Tests.Support;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Ledger;

public sealed class CreditBalanceTests(Site site) : IClassFixture<Site>
{
    private static readonly UsageMonth June = new(2026, 6);

    [Fact]
    public async Task The_balance_before_a_month_is_what_was_bought_less_what_was_used_in_the_months_before()
    {
        var clinic = await ClinicAsync();
        await AddAsync(clinic, Entry(clinic, new DateOnly(2026, 6, 1), 100), Entry(clinic, new DateOnly(2026, 7, 31), 40));
        await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-06-30T23:59:59Z", minutes: 25), CsvRow.TopUp("E2", "2026-06-30"), CsvRow.Session("E3", "2026-07-01T00:00:00Z", minutes: 10));

        Assert.Equal(0, await BeforeAsync(clinic, June));
        Assert.Equal(100 - 5 - 1, await BeforeAsync(clinic, June.Next));
        Assert.Equal(94 + 40 - 2, await BeforeAsync(clinic, June.Next.Next));
    }

    [Fact]
    public async Task A_top_up_falls_at_the_midnight_after_its_day()
    {
        var clinic = await ClinicAsync();
        await AddAsync(clinic, Entry(clinic, new DateOnly(2026, 6, 1), 100));
        await site.ImportRowsAsync(clinic, CsvRow.TopUp("E1", "2026-06-30"), CsvRow.Session("E2", "2026-06-30T09:00:00Z", minutes: 15));
        var midnight = new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(97, await AvailableAsync(clinic, midnight.AddMilliseconds(-1)));
        Assert.Equal(96, await AvailableAsync(clinic, midnight));
        Assert.Equal(96, await BeforeAsync(clinic, June.Next));
    }

    [Fact]
    public async Task Starting_from_a_closing_gives_what_the_full_sum_gives()
    {
        await Gen.Select(Gen.Int[0, 99], Gen.Int[1, 400], Gen.Int[0, 4]).List[1, 25].SampleAsync(async found =>
        {
            var clinic = await ClinicAsync();
            var entries = found.Select(one => Entry(clinic, new DateOnly(2026, 6, 1).AddDays(one.Item1), one.Item2 - 200)).ToArray();
            await AddAsync(clinic, entries);
            var closings = found[0].Item3;
            for (var (month, number) = (June, 0); number < closings; (month, number) = (month.Next, number + 1)) await CloseAsync(clinic, month);

            foreach (var month in new[] { June, June.Next, June.Next.Next, June.Next.Next.Next, new(2026, 11) })
            {
                var start = new DateTimeOffset(month.Start, TimeOnly.MinValue, TimeSpan.Zero);
                Assert.Equal(entries.Where(entry => entry.ReportMonth < month).Sum(entry => entry.Credits), await BeforeAsync(clinic, month));
                Assert.Equal(entries.Where(entry => entry.PostedAt <= start).Sum(entry => entry.Credits), await AvailableAsync(clinic, start));
            }
        }, iter: 12);
    }

    private Task<int> ClinicAsync() => site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));

    private Task<long> BeforeAsync(int clinic, UsageMonth month) => site.InAsync(clinic, async services =>
        await services.GetRequiredService<CreditBalance>().BeforeAsync(await services.GetRequiredService<CreditUsageDb>().ClosedMonthsAsync(CancellationToken.None), month, CancellationToken.None));

    private Task<long> AvailableAsync(int clinic, DateTimeOffset at) => site.InAsync(clinic, services => services.GetRequiredService<CreditBalance>().AvailableAsync(at, CancellationToken.None));

    private Task<int> AddAsync(int clinic, params LedgerEntry[] entries) => site.InAsync(clinic, services =>
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        db.AddRange(entries);
        return db.SaveChangesAsync();
    });

    private static LedgerEntry Entry(int clinic, DateOnly day, int credits) => new()
    {
        SubscriptionId = clinic,
        Kind = LedgerEntryKind.Adjustment,
        ServiceDate = day,
        ReportMonth = UsageMonth.Of(day),
        PostedAt = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero),
        Credits = credits,
        RecordedAt = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero),
        RecordedBy = "the test",
    };

    /// <summary>As closing a month does, a day after its end, with a closing balance summed here.</summary>
    private Task<int> CloseAsync(int clinic, UsageMonth month) => site.InAsync(clinic, async services =>
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        var closing = await db.LedgerEntries.Where(entry => entry.ReportMonth <= month).SumAsync(entry => entry.Credits);
        return await ClosingRows.AddAsync(db, clinic, month, closing);
    });
}
