using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Tests.Commands;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CreditUsage.Tests.Data;

/// <summary>On a PostgreSQL server of its own: the second wall between clinics, which holds where a query has forgotten the first.</summary>
[Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
public sealed class RowSecurityTests : IAsyncLifetime
{
    private static readonly DateOnly Start = new(2026, 1, 1);

    private PostgresServer _server = null!;
    private Site _site = null!;
    private int _here, _there;

    private string Owner => $"{_server.Connection};Database=walls";

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        try
        {
            _site = SiteOf($"{Owner};Username={PostgresServer.SiteRole}", Owner);
            _here = await ClinicAsync("Here", 1);
            _there = await ClinicAsync("There", 2);
        }
        catch
        {
            // Nothing is disposed of what did not begin.
            await _server.DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_query_that_forgot_its_filter_sees_its_own_clinic_and_one_that_says_so_sees_all()
    {
        Assert.Equal((1, 1L, 3), await CountsAsync(_here));
        Assert.Equal((2, 2L, 3), await CountsAsync(_there));
        Assert.Equal((0, 0L, 3), await CountsAsync(null));
    }

    [Fact]
    public async Task A_write_that_forgot_its_filter_changes_its_own_clinic_alone()
    {
        Assert.Equal(1, await InAsync(_here, db => db.CreditPrices.IgnoreQueryFilters().ExecuteUpdateAsync(set => set.SetProperty(price => price.PriceMicros, 1))));
        Assert.Equal(1, await InAsync(_here, db => db.Database.ExecuteSqlAsync($"""DELETE FROM "CreditPrices" """)));
        Assert.Equal(2, await InAsync(_there, db => db.CreditPrices.CountAsync(price => price.PriceMicros == 1_000_000)));

        Assert.Equal(2, await InAsync(_here, db => EverySubscription.WriteAsync(db, () => db.CreditPrices.OfEverySubscription().ExecuteUpdateAsync(set => set.SetProperty(price => price.PriceMicros, 2)))));

        var refused = await Assert.ThrowsAsync<PostgresException>(() => InAsync(_here, db => db.Database.ExecuteSqlAsync(
            $"""INSERT INTO "CreditPrices" ("SubscriptionId", "ValidFrom", "PriceMicros") VALUES ({_there}, {Start.AddYears(1)}, 1)""")));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task It_holds_within_a_transaction_after_one_that_was_taken_back_and_after_a_save_that_failed()
    {
        await InAsync(_here, async db =>
        {
            await using (var transaction = await db.BeginWriteAsync(CancellationToken.None))
            {
                Assert.Equal(3, await db.CreditPrices.OfEverySubscription().CountAsync());
                Assert.Equal(1, await db.CreditPrices.IgnoreQueryFilters().CountAsync());
                var stored = await db.CreditPrices.AsNoTracking().SingleAsync();
                db.Add(new CreditPrice { SubscriptionId = _here, ValidFrom = stored.ValidFrom, PriceMicros = 2 });
                await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
                db.ChangeTracker.Clear();
                Assert.Equal(1, await db.CreditPrices.IgnoreQueryFilters().CountAsync());
                await transaction.RollbackAsync();
            }
            await db.Database.OpenConnectionAsync();
            await using (var transaction = await db.Database.BeginTransactionAsync())
            {
                Assert.Equal(1, await db.CreditPrices.IgnoreQueryFilters().CountAsync());
                Assert.Equal(3, await db.CreditPrices.OfEverySubscription().CountAsync());
                await transaction.RollbackAsync();
            }
            Assert.Equal(1, await db.CreditPrices.IgnoreQueryFilters().CountAsync());
            return true;
        });
    }

    [Fact]
    public async Task Every_table_of_a_clinics_rows_has_the_wall()
    {
        var owned = _site.InAsync(_here, services => Task.FromResult(services.GetRequiredService<CreditUsageDb>().Model.GetEntityTypes()
            .Where(entity => typeof(IOwnedBySubscription).IsAssignableFrom(entity.ClrType)).Select(entity => entity.GetTableName()!).Order(StringComparer.Ordinal).ToList()));
        var walled = await ReadAsync("SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relrowsecurity ORDER BY c.relname COLLATE \"C\"");
        Assert.Equal(await owned, walled);
    }

    [Fact]
    public async Task The_sites_role_owns_nothing_cannot_pass_and_cannot_change_what_has_happened()
    {
        Assert.Equal(["0"], await ReadAsync($"SELECT count(*)::text FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE rolname = '{PostgresServer.SiteRole}'"));
        Assert.Equal(["false|false"], await ReadAsync($"SELECT rolsuper || '|' || rolbypassrls FROM pg_roles WHERE rolname = '{PostgresServer.SiteRole}'"));
        await _site.InAsync(_here, async services =>
        {
            await services.GetRequiredService<AuditLog>().AddAsync(AuditAction.Run, "October 2026", "Once", CancellationToken.None);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => services.GetRequiredService<CreditUsageDb>().AuditEntries.ExecuteDeleteAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
            return true;
        });
    }

    [Fact]
    public async Task A_role_that_may_not_migrate_says_who_must_and_works_when_its_owner_has()
    {
        var owner = $"{_server.Connection};Database=bare";
        await RunAsync($"{_server.Connection};Database=postgres", "CREATE DATABASE bare");
        using var program = new SiteProgram();
        string[] site = ["--CreditUsage:Database:Provider=PostgreSql", $"--ConnectionStrings:CreditUsage={owner};Username={PostgresServer.SiteRole}", "--ConnectionStrings:CreditUsageMigrations="];
        string[] migrates = [.. site[..2], $"--ConnectionStrings:CreditUsageMigrations={owner}"];

        var refused = await program.RunAsync([.. site, "create-subscription", "--name", "Riverside", "--start", "2026-01-01"]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Name its owner in ConnectionStrings__CreditUsageMigrations", refused.Errors, StringComparison.Ordinal);

        Assert.Contains("Applied 2026", (await program.RunAsync([.. migrates, "migrate"])).Output, StringComparison.Ordinal);
        Assert.Contains("Nothing to do", (await program.RunAsync([.. migrates, "migrate"])).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await program.RunAsync([.. site, "create-subscription", "--name", "Riverside", "--start", "2026-01-01"])).ExitCode);
    }

    private static Site SiteOf(string connection, string migrations) => new Site(prepared: false)
        .With("CreditUsage:Database:Provider", "PostgreSql").With("ConnectionStrings:CreditUsage", connection).With("ConnectionStrings:CreditUsageMigrations", migrations);

    /// <summary>With so many prices.</summary>
    private async Task<int> ClinicAsync(string name, int prices)
    {
        var clinic = await _site.SubscriptionAsync(name, Start);
        for (var month = 0; month < prices; month++) await _site.PriceAsync(clinic, Start.AddMonths(month), 1_000_000);
        return clinic;
    }

    /// <summary>Prices as a query without the filter, as SQL without any, and as a query of every subscription find them.</summary>
    private Task<(int, long, int)> CountsAsync(int? clinic) => InAsync(clinic, async db => (
        await db.CreditPrices.IgnoreQueryFilters().CountAsync(),
        await db.Database.SqlQuery<long>($"""SELECT count(*) AS "Value" FROM "CreditPrices" """).SingleAsync(),
        await db.CreditPrices.OfEverySubscription().CountAsync()));

    private async Task<T> InAsync<T>(int? clinic, Func<CreditUsageDb, Task<T>> act)
    {
        await using var scope = _site.Services.CreateAsyncScope();
        if (clinic is { } id) scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(id);
        return await act(scope.ServiceProvider.GetRequiredService<CreditUsageDb>());
    }

    private async Task<List<string>> ReadAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Owner);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync()) values.Add(reader.GetString(0));
        return values;
    }

    private static async Task RunAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
