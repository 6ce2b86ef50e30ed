using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Data.Auditing;

public sealed class AuditChainTests(Site site) : IClassFixture<Site>
{
    private const int Entries = 7;

    [Fact]
    public async Task An_audit_that_nobody_touched_holds()
    {
        var clinic = await ClinicAsync();
        Assert.Equal((Entries, null), await CheckAsync(clinic));
        Assert.Equal((0, null), await CheckAsync(await site.SubscriptionAsync("New", new DateOnly(2026, 1, 1))));
    }

    [Theory]
    [InlineData("\"At\" = \"At\" + 1")]
    [InlineData("\"Actor\" = 'somebody else'")]
    [InlineData("\"Action\" = \"Action\" + 1")]
    [InlineData("\"Subject\" = 'October 2025'")]
    [InlineData("\"Detail\" = \"Detail\" || ' '")]
    [InlineData("\"PreviousHash\" = ''")]
    [InlineData("\"Hash\" = upper(\"Hash\")")]
    [InlineData("\"Sequence\" = 100")]
    public async Task A_field_that_was_changed_names_its_entry(string change)
    {
        var clinic = await ClinicAsync();
        await RunAsync($"UPDATE AuditEntries SET {change} WHERE SubscriptionId = {clinic} AND Sequence = 4");
        Assert.Equal((3, 4L), await CheckAsync(clinic));
    }

    [Fact]
    public async Task An_entry_that_was_given_to_another_subscription_is_missed_in_its_own()
    {
        var (clinic, other) = (await ClinicAsync(), await site.SubscriptionAsync("Other", new DateOnly(2026, 1, 1)));
        await RunAsync($"UPDATE AuditEntries SET SubscriptionId = {other} WHERE SubscriptionId = {clinic} AND Sequence = 1");
        Assert.Equal((0, 1L), await CheckAsync(clinic));
        Assert.Equal((0, 1L), await CheckAsync(other));
    }

    [Fact]
    public async Task An_entry_that_was_removed_from_the_middle_is_missed_even_when_the_others_move_up()
    {
        var clinic = await ClinicAsync();
        await RunAsync($"DELETE FROM AuditEntries WHERE SubscriptionId = {clinic} AND Sequence = 4");
        Assert.Equal((3, 4L), await CheckAsync(clinic));

        for (var sequence = 5; sequence <= Entries; sequence++)
            await RunAsync($"UPDATE AuditEntries SET Sequence = {sequence - 1} WHERE SubscriptionId = {clinic} AND Sequence = {sequence}");
        Assert.Equal((3, 4L), await CheckAsync(clinic));
    }

    [Fact]
    public async Task Two_entries_that_changed_places_are_noticed_at_the_first_of_them()
    {
        var clinic = await ClinicAsync();
        foreach (var (from, to) in new[] { (3, 103), (5, 3), (103, 5) })
            await RunAsync($"UPDATE AuditEntries SET Sequence = {to} WHERE SubscriptionId = {clinic} AND Sequence = {from}");
        Assert.Equal((2, 3L), await CheckAsync(clinic));
    }

    [Fact]
    public async Task An_entry_that_was_changed_and_hashed_anew_breaks_the_one_after_it()
    {
        var clinic = await ClinicAsync();
        var forged = await site.InAsync(clinic, async services =>
        {
            var entry = await services.GetRequiredService<CreditUsageDb>().AuditEntries.AsNoTracking().SingleAsync(entry => entry.Sequence == 4);
            return AuditChain.HashOf(new AuditEntry
            {
                SubscriptionId = entry.SubscriptionId,
                Sequence = entry.Sequence,
                At = entry.At,
                Actor = "nobody",
                Action = entry.Action,
                Subject = entry.Subject,
                Detail = entry.Detail,
                PreviousHash = entry.PreviousHash,
                Hash = "",
            });
        });
        await RunAsync($"UPDATE AuditEntries SET Actor = 'nobody', Hash = '{forged}' WHERE SubscriptionId = {clinic} AND Sequence = 4");
        Assert.Equal((4, 5L), await CheckAsync(clinic));
    }

    [Fact]
    public async Task Entries_added_at_the_same_time_follow_one_another_without_a_gap()
    {
        var clinic = await ClinicAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => AddAsync(clinic, number))));
        Assert.Equal((Entries + 20, null), await CheckAsync(clinic));
    }

    private async Task<int> ClinicAsync()
    {
        var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        for (var number = 1; number <= Entries; number++) await AddAsync(clinic, number);
        return clinic;
    }

    private Task<int> AddAsync(int clinic, int number) => site.InAsync(clinic, async services =>
    {
        await services.GetRequiredService<AuditLog>().AddAsync(AuditAction.Run, "October 2026", $"Run {number}, \"quoted\" and Zoë 😀", CancellationToken.None);
        return number;
    });

    private Task<(long Entries, long? FirstBroken)> CheckAsync(int clinic) =>
        site.InAsync(clinic, services => AuditChain.CheckAsync(services.GetRequiredService<CreditUsageDb>(), CancellationToken.None));

    private async Task RunAsync(string sql) => Assert.Equal(1, await RawData.RunAsync(site.DataPath, sql));
}
