using System.Data.Common;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Data;

[Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
public sealed class SqliteTests : IAsyncLifetime
{
    private static readonly ReportFilter October = new(new UsageMonth(2026, 10), Sessions: true, TopUps: true, UsageSort.Default);

    private readonly CommandLog _log = new();
    private readonly Site _site;
    private int _clinic;

    public SqliteTests() => _site = new Site { ChangeServices = _log.AddTo };

    public async Task InitializeAsync()
    {
        _clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        await _site.ImportRowsAsync(_clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.TopUp("E2", "2026-10-02"));
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    [InlineData("foreign_keys", "1")]
    [InlineData("busy_timeout", "5000")]
    public async Task A_connection_is_set_to_keep_what_it_acknowledged(string pragma, string expected)
    {
        var value = await _site.InAsync(_clinic, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            await db.Database.OpenConnectionAsync();
            return await ScalarAsync(db, $"PRAGMA {pragma}");
        });
        Assert.Equal(expected, value?.ToString());
    }

    [Theory]
    [InlineData("a;b")]
    [InlineData("a;Pooling=False")]
    [InlineData("it's \"here\"")]
    public async Task A_data_folder_may_have_any_name(string name)
    {
        var folder = Directory.CreateTempSubdirectory("creditusage-named-");
        var path = Path.Combine(folder.FullName, name);
        await using (var site = new Site().With("CreditUsage:DataPath", path))
        {
            site.UseKestrel(0);
            site.StartServer();
            await site.SubscriptionAsync("Named", new DateOnly(2026, 1, 1));
            Assert.Equal(["creditusage.db", "jobs.db"], Directory.GetFiles(path, "*.db").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_lock_that_a_killed_migration_left_stops_no_later_start()
    {
        await using var site = new Site();
        await site.SubscriptionAsync("Migrated", new DateOnly(2026, 1, 1));
        await using var scope = site.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
        await db.Database.ExecuteSqlAsync($"INSERT INTO __EFMigrationsLock VALUES (1, '2026-11-23 02:00:00')");
        await db.MigrateAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task The_month_is_read_from_its_covering_index_alone_and_in_its_order()
    {
        _log.Clear();
        var plans = await _site.InAsync(_clinic, async services =>
        {
            using var asRequest = CommandLog.AsRequest();
            var report = await services.GetRequiredService<ReportQuery>().OpenAsync(October, CancellationToken.None);
            await report.RowsAsync(CancellationToken.None).ToListAsync();
            await report.PageAsync(new UsagePosition(1, "E1"), CancellationToken.None);
            var db = services.GetRequiredService<CreditUsageDb>();
            var reads = _log.Commands.Where(command => command.Sql.Contains("\"UsageEvents\"", StringComparison.Ordinal)).ToList();
            return reads.ConvertAll(command => (command.Sql, Plan: Plan(db, command)));
        });

        var ofTheMonth = plans.Where(plan => !plan.Sql.Contains("LIMIT 2", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, ofTheMonth.Count);
        Assert.All(ofTheMonth, plan => Assert.Contains("USING COVERING INDEX IX_UsageEvents_Month (SubscriptionId=? AND ReportMonth=?", plan.Plan, StringComparison.Ordinal));
        Assert.All(ofTheMonth.Skip(1), plan => Assert.DoesNotContain("TEMP B-TREE", plan.Plan, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancelling_stops_a_statement_that_runs()
    {
        using var cancel = new CancellationTokenSource();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _site.InAsync(_clinic, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            await db.BeginSnapshotAsync(cancel.Token);
            ((SqliteConnection)db.Database.GetDbConnection()).CreateFunction("began", (long number) => began.TrySetResult() || number > 0);

            var running = Task.Run(() => ScalarAsync(db, "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000000000) SELECT count(*) FROM n WHERE began(x)"));
            await began.Task;
            await cancel.CancelAsync();

            var stopped = await Assert.ThrowsAsync<SqliteException>(() => running.WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.Equal(9, stopped.SqliteErrorCode);
            return 0;
        });

        // The connection that was interrupted goes back to the pool and serves the next.
        Assert.Equal(2, await _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().UsageEvents.CountAsync()));
    }

    [Fact]
    public async Task A_snapshot_sees_one_state_while_others_write()
    {
        await _site.InAsync(_clinic, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            await db.BeginSnapshotAsync(CancellationToken.None);
            Assert.Equal(2, await db.UsageEvents.CountAsync());

            Assert.True((await _site.ImportRowsAsync(_clinic, CsvRow.Session("E3", "2026-10-03T09:30:00Z"))).Stored);

            Assert.Equal(2, await db.UsageEvents.CountAsync());
            await db.EndSnapshotAsync();
            Assert.Equal(3, await db.UsageEvents.CountAsync());
            return 0;
        });
    }

    private static async Task<object?> ScalarAsync(CreditUsageDb db, string sql)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    private static string Plan(CreditUsageDb db, (string Sql, IReadOnlyList<(string Name, object? Value)> Parameters) captured)
    {
        using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + captured.Sql;
        foreach (var (name, value) in captured.Parameters) Add(command, name, value);
        using var reader = command.ExecuteReader();
        var steps = new List<string>();
        while (reader.Read()) steps.Add(reader.GetString(3));
        return string.Join('\n', steps);
    }

    private static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
