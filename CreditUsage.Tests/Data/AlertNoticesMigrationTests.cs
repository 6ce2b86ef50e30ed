using CreditUsage.Tests.Support;
using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Credits;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Data;

/// <summary>A database of the version before alerts had their state in columns.</summary>
[Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
public sealed class AlertNoticesMigrationTests : IAsyncLifetime
{
    private const string Before = "20261123114025_Insight";

    private readonly Site _site = new();
    private int _clinic;

    public async Task InitializeAsync()
    {
        _clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        await MigrateAsync(Before);
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task What_stood_in_sentences_moves_over_into_columns()
    {
        await RuleAsync(1, "a@x.example,b@x.example,c@x.example,d@x.example,e@x.example");
        await RuleAsync(2, "f@x.example,g@x.example");
        await RuleAsync(3, "");
        await FiringAsync(1, 1, "a@x.example: sent, Taken: OK: given up, not\nb@x.example: not sent yet, 451 Later\nc@x.example: given up, 550 No: sent, user\nd@x.example: not known whether it arrived, It had the mail\ne@x.example: not sent yet, not tried");
        await FiringAsync(2, 2, null);
        await FiringAsync(3, 3, null);

        await MigrateAsync(null);

        var notices = await _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().AlertNotices.AsNoTracking().OrderBy(notice => notice.AlertFiringId).ThenBy(notice => notice.Email).ToListAsync());
        Assert.Equal(
        [
            (1, "a@x.example", AlertNoticeState.Sent, 1, "Taken: OK: given up, not"), (1, "b@x.example", AlertNoticeState.Waiting, 1, "451 Later"),
            (1, "c@x.example", AlertNoticeState.GivenUp, 1, "550 No: sent, user"), (1, "d@x.example", AlertNoticeState.NotKnown, 1, "It had the mail"),
            (1, "e@x.example", AlertNoticeState.Waiting, 0, null), (2, "f@x.example", AlertNoticeState.Waiting, 0, null), (2, "g@x.example", AlertNoticeState.Waiting, 0, null),
        ],
        notices.Select(notice => (notice.AlertFiringId, notice.Email, notice.State, notice.Attempts, notice.Outcome)));
        // When that was is not known.
        Assert.All(notices, notice => Assert.Null(notice.EndedAt));
    }

    [Fact]
    public async Task Accounts_go_on_being_credited_with_the_reports_cost()
    {
        await ExecuteAsync($"INSERT INTO AccountMappings (SubscriptionId, SessionsAccount, TopUpsAccount, PrepaidAccount, TaxCode, SetBy, SetAt) VALUES ({_clinic}, '400', '401', '620', '', 'ann', 0)");

        await MigrateAsync(null);

        var accounts = await _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().AccountMappings.AsNoTracking().SingleAsync());
        Assert.Equal((PrepaidBasis.ReportPrice, "", "620"), (accounts.Basis, accounts.DifferencesAccount, accounts.PrepaidAccount));
    }

    private Task MigrateAsync(string? to) => _site.InAsync(_clinic, async services =>
    {
        await services.GetRequiredService<CreditUsageDb>().GetService<IMigrator>().MigrateAsync(to);
        return true;
    });

    private Task RuleAsync(int id, string emails) =>
        ExecuteAsync($"INSERT INTO AlertRules (Id, SubscriptionId, Kind, Line, Emails, SetBy, SetAt, Crossed) VALUES ({id}, {_clinic}, 1, 10, {emails}, 'ann', 0, 1)");

    private Task FiringAsync(int id, int rule, string? outcome) =>
        ExecuteAsync($"INSERT INTO AlertFirings (Id, SubscriptionId, AlertRuleId, FiredAt, Figure, Said, Outcome) VALUES ({id}, {_clinic}, {rule}, 0, 1, 'It fired.', {outcome})");

    private Task<int> ExecuteAsync(FormattableString sql) => _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().Database.ExecuteSqlAsync(sql));
}
