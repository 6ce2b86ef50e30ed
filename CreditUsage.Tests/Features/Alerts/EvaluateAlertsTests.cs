using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Months;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Alerts;

/// <summary>What fires, and that it fires once.</summary>
public sealed class EvaluateAlertsTests
{
    private static readonly DateTimeOffset December = new(2026, 12, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_balance_fires_on_the_crossing_and_again_only_after_it_came_back()
    {
        await using var clinic = await AlertClinic.OpenAsync();
        await clinic.GrantAsync(100);
        await clinic.AddAsync(AlertKind.BalanceBelow, "50");
        await clinic.UseAsync("E1", "2026-11-02", credits: 50);
        await clinic.RunAsync();
        // 50 are on the line and not below it.
        Assert.Empty(await clinic.FiringsAsync());

        await clinic.UseAsync("E2", "2026-11-03", credits: 1);
        await clinic.RunAsync();
        await clinic.RunAsync();
        var firing = Assert.Single(await clinic.FiringsAsync());
        Assert.Equal((49, null, "49 credits are available, fewer than your threshold of 50."), (firing.Figure, firing.Month, firing.Message));
        Assert.Equal(clinic.Site.Clock.GetUtcNow(), firing.FiredAt);
        Assert.True((await clinic.RulesAsync())[0].Crossed);

        await clinic.UseAsync("E3", "2026-11-04", credits: 10);
        await clinic.RunAsync();
        Assert.Single(await clinic.FiringsAsync());

        await clinic.GrantAsync(30);
        await clinic.RunAsync();
        Assert.False((await clinic.RulesAsync())[0].Crossed);
        Assert.Single(await clinic.FiringsAsync());

        await clinic.UseAsync("E4", "2026-11-05", credits: 20);
        await clinic.RunAsync();
        Assert.Equal([49L, 49L], (await clinic.FiringsAsync()).Select(one => one.Figure));
    }

    [Fact]
    public async Task A_budget_fires_once_for_a_month_and_again_for_the_next()
    {
        await using var clinic = await AlertClinic.OpenAsync();
        // October was dear before anybody watched.
        await clinic.UseAsync("O1", "2026-10-05", credits: 100);
        await clinic.AddAsync(AlertKind.MonthAbove, "£10.00");
        await clinic.UseAsync("N1", "2026-11-02", credits: 20);
        await clinic.RunAsync();
        Assert.Empty(await clinic.FiringsAsync());

        await clinic.UseAsync("N2", "2026-11-03", credits: 1);
        await clinic.RunAsync();
        await clinic.UseAsync("N3", "2026-11-04", credits: 30);
        await clinic.RunAsync();
        var firing = Assert.Single(await clinic.FiringsAsync());
        Assert.Equal((1050, new UsageMonth(2026, 11), "November 2026 has cost £10.50 so far, more than the budget of £10.00."), (firing.Figure, firing.Month, firing.Message));

        await clinic.RunAtAsync(December);
        Assert.Single(await clinic.FiringsAsync());
        Assert.False((await clinic.RulesAsync())[0].Crossed);

        await clinic.UseAsync("D1", "2026-12-01", credits: 21);
        await clinic.RunAsync();
        await clinic.RunAsync();
        Assert.Equal([new UsageMonth(2026, 11), new UsageMonth(2026, 12)], (await clinic.FiringsAsync()).Select(one => one.Month!.Value));
    }

    [Fact]
    public async Task A_month_whose_usage_comes_in_after_its_end_is_still_watched()
    {
        await using var clinic = await AlertClinic.OpenAsync();
        await clinic.AddAsync(AlertKind.MonthAbove, "10");
        await clinic.RunAtAsync(December);
        await clinic.UseAsync("N1", "2026-11-30", credits: 21);
        await clinic.RunAsync();
        await clinic.RunAsync();
        Assert.Equal("November 2026 cost £10.50, more than the budget of £10.00.", Assert.Single(await clinic.FiringsAsync()).Message);
        Assert.False((await clinic.RulesAsync())[0].Crossed);
    }

    [Fact]
    public async Task A_staff_members_and_a_programs_budget_count_their_own_spend_alone()
    {
        await using var clinic = await AlertClinic.OpenAsync();
        await clinic.UseAsync("E1", "2026-11-02", credits: 20, staff: "S1", program: "Sleep");
        await clinic.UseAsync("E2", "2026-11-02", credits: 20, staff: "S2", program: "Trauma and PTSD");
        await clinic.AddAsync(AlertKind.StaffMonthAbove, "10.00", "S1");
        await clinic.AddAsync(AlertKind.ProgramMonthAbove, "10.00", "Trauma and PTSD");
        await clinic.RunAsync();
        // £10.00 each, £20.00 together.
        Assert.Empty(await clinic.FiringsAsync());

        await clinic.UseAsync("E3", "2026-11-03", credits: 2, staff: "S1", program: "Trauma and PTSD");
        await clinic.RunAsync();
        Assert.Equal(
        [
            (1100L, "November 2026 of Name of S1 has cost £11.00 so far, more than the budget of £10.00."),
            (1100L, "November 2026 of Trauma and PTSD has cost £11.00 so far, more than the budget of £10.00."),
        ],
        (await clinic.FiringsAsync()).Select(firing => (firing.Figure, firing.Message)));
    }

    [Fact]
    public async Task A_forecast_fires_when_credits_run_out_within_the_days()
    {
        await using var clinic = await AlertClinic.OpenAsync();
        // Seven whole weeks since 01/10/2026: 21 credits on a Monday are 3 each Monday. After the session 8 are in hand: two Mondays, and not the third, the 7th.
        await clinic.GrantAsync(29);
        await clinic.UseAsync("E1", "2026-11-16", credits: 21);
        await clinic.AddAsync(AlertKind.RunsOutWithin, "14");
        await clinic.AddAsync(AlertKind.RunsOutWithin, "15");
        await clinic.RunAsync();
        await clinic.RunAsync();
        var firing = Assert.Single(await clinic.FiringsAsync());
        Assert.Equal((15, "Credits run out on 07/12/2026, in 15 days, within your threshold of 15 days. Order by 30/11/2026."), (firing.Figure, firing.Message));
    }

    [Fact]
    public async Task Another_subscriptions_usage_crosses_nothing_here()
    {
        await using var clinic = await AlertClinic.OpenAsync();
        await clinic.AddAsync(AlertKind.MonthAbove, "1.00");
        var other = await clinic.Site.SubscriptionAsync("Other Clinic", new DateOnly(2026, 10, 1));
        await clinic.Site.PriceAsync(other, new DateOnly(2026, 10, 1), 500_000);
        await clinic.Site.ImportRowsAsync(other, CsvRow.Session("E1", "2026-11-02T09:00:00Z", minutes: 500));
        await clinic.RunAsync();
        Assert.Empty(await clinic.FiringsAsync());
    }

    [Fact]
    public async Task Runs_at_the_same_time_fire_once()
    {
        await using var clinic = await AlertClinic.OpenAsync();
        await clinic.AddAsync(AlertKind.BalanceBelow, "1");
        await clinic.AddAsync(AlertKind.MonthAbove, "1.00");
        await clinic.UseAsync("E1", "2026-11-02", credits: 3);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(clinic.RunAsync)));
        Assert.Equal(2, (await clinic.FiringsAsync()).Count);
    }

    [Fact]
    [Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
    public async Task A_firing_and_what_keeps_it_from_another_stand_or_fall_together()
    {
        await using var clinic = await AlertClinic.OpenAsync();
        await clinic.AddAsync(AlertKind.BalanceBelow, "1");
        await clinic.UseAsync("E1", "2026-11-02", credits: 1);
        await ExecuteAsync(clinic, "CREATE TRIGGER fails BEFORE UPDATE ON AlertRules BEGIN SELECT RAISE(ABORT, 'no room'); END");
        await clinic.RunAsync();
        Assert.Empty(await clinic.FiringsAsync());
        Assert.False((await clinic.RulesAsync())[0].Crossed);

        await ExecuteAsync(clinic, "DROP TRIGGER fails");
        await ExecuteAsync(clinic, "CREATE TRIGGER fails BEFORE INSERT ON AlertFirings BEGIN SELECT RAISE(ABORT, 'no room'); END");
        await clinic.RunAsync();
        Assert.False((await clinic.RulesAsync())[0].Crossed);

        await ExecuteAsync(clinic, "DROP TRIGGER fails");
        await clinic.RunAsync();
        await clinic.RunAsync();
        Assert.Single(await clinic.FiringsAsync());
    }

    [Fact]
    public async Task A_rule_that_was_removed_is_not_watched()
    {
        await using var clinic = await AlertClinic.OpenAsync();
        await clinic.AddAsync(AlertKind.BalanceBelow, "1");
        var rule = (await clinic.RulesAsync())[0].Id;
        Assert.True(await clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CreditUsage.Features.Alerts.ChangeAlerts>().RemoveAsync(rule, CancellationToken.None)));
        await clinic.UseAsync("E1", "2026-11-02", credits: 1);
        await clinic.RunAsync();
        Assert.Empty(await clinic.FiringsAsync());
    }

    private static Task<int> ExecuteAsync(AlertClinic clinic, string sql) => clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CreditUsageDb>().Database.ExecuteSqlRawAsync(TestDatabase.Quoted(sql)));
}
