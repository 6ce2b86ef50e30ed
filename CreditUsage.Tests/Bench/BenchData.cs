using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Imports;
using CreditUsage.Platform.Commands;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Bench;

/// <summary>A data folder of the site: two subscriptions, a user of the first, and as much usage as is asked for.</summary>
internal sealed class BenchData(string folder)
{
    public const string Email = "finance@bench.example";
    public const string Password = "correct horse battery";
    public const int Subscription = 1;
    private const int OtherSubscription = 2;

    /// <summary>The last month that is over.</summary>
    public static UsageMonth Month { get; } = UsageMonth.Of(TimeProvider.System.GetUtcNow()).Previous;

    private static readonly DateOnly StartsOn = new(1990, 1, 1);

    public string Folder => folder;

    public string Database => Path.Combine(folder, "creditusage.db");

    public static async Task<BenchData> CreateAsync(string folder)
    {
        var data = new BenchData(folder);
        await using var site = await data.OpenAsync();
        await using var scope = site.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
        db.Add(new Subscription { Name = "Bench Clinic", StartsOn = StartsOn });
        await db.SaveChangesAsync();
        db.Add(new Subscription { Name = "Other Clinic", StartsOn = StartsOn });
        await db.SaveChangesAsync();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(Subscription);
        await scope.ServiceProvider.GetRequiredService<CreateUser>().RunAsync(Email, Password, Roles.FinanceAdministrator);
        return data;
    }

    /// <summary>The site on this folder, within this process and without a server.</summary>
    public Task<WebApplication> OpenAsync() => new VerbHost([], Composition.Build)
        .BuildAsync(["--applicationName=CreditUsage.Web", $"--CreditUsage:DataPath={folder}"], CancellationToken.None);

    /// <summary>Imports a month of events for the first subscription, or for both.</summary>
    public async Task AddMonthAsync(UsageMonth month, int events, bool forBoth = false)
    {
        var path = Path.Combine(folder, "month.csv");
        await BenchUsage.WriteAsync(path, month.Start, month.End.DayNumber - month.Start.DayNumber, events);
        await using var site = await OpenAsync();
        await ImportAsync(site, path, Subscription);
        if (forBoth) await ImportAsync(site, path, OtherSubscription);
    }

    public static async Task ImportAsync(WebApplication site, string path, int subscription = Subscription, ColumnMapping? mapping = null)
    {
        await using var scope = site.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(subscription);
        await using var file = File.OpenRead(path);
        var result = await scope.ServiceProvider.GetRequiredService<ImportUsage>().RunAsync(file, "", mapping, dryRun: false, CancellationToken.None);
        if (!result.Stored) throw new InvalidOperationException($"Line {result.Errors[0].Line}: {result.Errors[0].Message}");
    }

    /// <summary>Repeats what is there, each time 31 days earlier: other months fill and the month itself stays as it is.</summary>
    public void Repeat(int times)
    {
        // The journal can be changed by the only connection alone.
        SqliteConnection.ClearAllPools();
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144");
        var indexes = Indexes(connection);
        // Indexes that are built afterwards are built by sorting, which is many times quicker.
        foreach (var (name, _) in indexes) Run(connection, $"DROP INDEX \"{name}\"");
        Run(connection, RepeatSql(times));
        foreach (var (_, sql) in indexes) Run(connection, sql);
        Run(connection, "PRAGMA journal_mode = WAL");
    }

    private static string RepeatSql(int times) => $"""
        CREATE TEMP TABLE Seed AS SELECT * FROM UsageEvents;
        INSERT INTO UsageEvents (SubscriptionId, EventId, Kind, ServiceDate, OccurredAt, StaffMemberId, ClientId, ProgramId, TopUpDeviceId, DeviceNumber, DurationMinutes, Credits, UnitPriceMicros, CostPence, ReportMonth, PostedAt, IntakeId)
        WITH RECURSIVE Earlier (Times) AS (SELECT 1 UNION ALL SELECT Times + 1 FROM Earlier WHERE Times < {times})
        SELECT SubscriptionId, EventId || '-' || Times, Kind, date(ServiceDate, '-' || (Times * 31) || ' days'), OccurredAt - Times * 31 * 86400000, StaffMemberId, ClientId, ProgramId,
            TopUpDeviceId, DeviceNumber, DurationMinutes, Credits, UnitPriceMicros, CostPence,
            strftime('%Y', ServiceDate, '-' || (Times * 31) || ' days') * 12 + strftime('%m', ServiceDate, '-' || (Times * 31) || ' days') - 1, PostedAt - Times * 31 * 86400000, IntakeId
        FROM Earlier CROSS JOIN Seed
        """;

    private static List<(string Name, string Sql)> Indexes(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'UsageEvents' AND sql IS NOT NULL";
        using var reader = command.ExecuteReader();
        var indexes = new List<(string, string)>();
        while (reader.Read()) indexes.Add((reader.GetString(0), reader.GetString(1)));
        return indexes;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }
}
