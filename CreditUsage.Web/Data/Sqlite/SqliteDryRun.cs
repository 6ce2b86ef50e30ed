using System.Globalization;
using System.Text.Json;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Data.Sqlite;

/// <summary>A temporary table in a read transaction. SQLite looks names up among temporary tables first, so recording runs on it as on the real one.</summary>
internal sealed class SqliteDryRun : UsageDryRun
{
    private const string Table = "UsageEvents";

    private readonly CreditUsageDb _db;

    /// <summary>Of an import that is being stored: what is not stored yet is no duplicate.</summary>
    private long _hiddenBlock;

    private SqliteDryRun(CreditUsageDb db) => _db = db;

    public static async Task<SqliteDryRun> BeginAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        var dryRun = new SqliteDryRun(db);
        await db.BeginSnapshotAsync(cancellation);
        dryRun._hiddenBlock = await db.UsageIntakes.MaxAsync(intake => intake.HiddenBlock, cancellation) ?? -1;
        await dryRun.RunAsync(await dryRun.TableSqlAsync(cancellation), [], cancellation);
        foreach (var index in await dryRun.UniqueIndexesAsync(cancellation)) await dryRun.RunAsync(index, [], cancellation);
        return dryRun;
    }

    public override async Task IncludeStoredAsync(IReadOnlyList<UsageEvent> rows, CancellationToken cancellation)
    {
        const string byId = """
            INSERT OR IGNORE INTO temp."UsageEvents" SELECT * FROM main."UsageEvents" AS stored
            WHERE "SubscriptionId" = {0} AND "EventId" IN (SELECT value FROM json_each({1})) AND stored."Id" / {2} <> {3}
            """;
        const string byDevice = """
            INSERT OR IGNORE INTO temp."UsageEvents" SELECT stored.* FROM json_each({1}) AS wanted JOIN main."UsageEvents" AS stored
            ON stored."SubscriptionId" = {0} AND stored."DeviceNumber" = wanted.value ->> 0 AND stored."ServiceDate" = wanted.value ->> 1 AND stored."Id" / {2} <> {3}
            """;
        const string corrections = """
            INSERT OR IGNORE INTO temp."UsageEvents" SELECT correction.* FROM json_each({1}) AS wanted JOIN main."UsageEvents" AS stored
            ON stored."SubscriptionId" = {0} AND stored."DeviceNumber" = wanted.value ->> 0 AND stored."ServiceDate" = wanted.value ->> 1
            JOIN main."UsageEvents" AS correction ON correction."SubscriptionId" = {0} AND correction."CorrectsId" = stored."Id" AND correction."Id" / {2} <> {3}
            """;
        var topUps = rows.Where(row => row.DeviceNumber is not null).Select(row => new object[] { row.DeviceNumber!, row.ServiceDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) }).ToList();
        await RunAsync(byId, [_db.RequireSubscriptionId(), JsonSerializer.Serialize(rows.Select(row => row.EventId)), UsageEvent.IdsOfBlock, _hiddenBlock], cancellation);
        if (topUps.Count == 0) return;
        await RunAsync(byDevice, [_db.RequireSubscriptionId(), JsonSerializer.Serialize(topUps), UsageEvent.IdsOfBlock, _hiddenBlock], cancellation);
        await RunAsync(corrections, [_db.RequireSubscriptionId(), JsonSerializer.Serialize(topUps), UsageEvent.IdsOfBlock, _hiddenBlock], cancellation);
    }

    // The recorded ones are gathered first, by all that must be equal: looked up for each new one, thousands of the same instant would be gone through
    // thousands of times. An event of a dry run belongs to no intake.
    public override Task<List<UsageDouble>> DoublesAsync(IReadOnlyCollection<UsageMonth> months, CancellationToken cancellation) => _db.Database.SqlQueryRaw<UsageDouble>(
        """
        WITH new AS NOT MATERIALIZED (SELECT * FROM temp."UsageEvents" WHERE "IntakeId" = 0 AND "Kind" = {3}),
        stored AS MATERIALIZED (
            SELECT min("EventId") AS "Recorded", "OccurredAt", "StaffMemberId", "ClientId", "ProgramId", "DurationMinutes" FROM main."UsageEvents"
            WHERE "SubscriptionId" = {0} AND "ReportMonth" IN (SELECT value FROM json_each({4}))
            AND "OccurredAt" IN (SELECT "OccurredAt" FROM new) AND "Kind" = {3} AND "Correction" IS NULL AND "Id" / {1} <> {2}
            GROUP BY "OccurredAt", "StaffMemberId", "ClientId", "ProgramId", "DurationMinutes")
        SELECT new."EventId" AS "EventId", stored."Recorded" AS "Recorded" FROM new JOIN stored USING ("OccurredAt", "StaffMemberId", "ClientId", "ProgramId", "DurationMinutes")
        """, _db.RequireSubscriptionId(), UsageEvent.IdsOfBlock, _hiddenBlock, (int)UsageKind.ConnectedSession, JsonSerializer.Serialize(months.Select(month => month.Number))).ToListAsync(cancellation);

    public override async ValueTask DisposeAsync() => await _db.EndSnapshotAsync();

    /// <summary>Without the key: inserted rows would take the numbers of stored ones that are copied in later.</summary>
    private async Task<string> TableSqlAsync(CancellationToken cancellation)
    {
        var columns = await _db.Database.SqlQueryRaw<string>($"""SELECT '"' || name || '" ' || type || iif(name = 'Id', ' NOT NULL DEFAULT 0', '') AS "Value" FROM pragma_table_info('{Table}', 'main') ORDER BY cid""").ToListAsync(cancellation);
        return $"""CREATE TEMP TABLE "{Table}" ({string.Join(", ", columns)})""";
    }

    private async Task<List<string>> UniqueIndexesAsync(CancellationToken cancellation)
    {
        const string unique = "CREATE UNIQUE INDEX ";
        var indexes = await _db.Database.SqlQueryRaw<string>($"""SELECT sql AS "Value" FROM main.sqlite_schema WHERE type = 'index' AND tbl_name = '{Table}' AND sql LIKE '{unique}%'""").ToListAsync(cancellation);
        return [.. indexes.Select(sql => sql.Replace(unique, unique + "temp.", StringComparison.Ordinal))];
    }

    private Task RunAsync(string sql, object[] values, CancellationToken cancellation) => _db.Database.ExecuteSqlRawAsync(sql, values, cancellation);
}
