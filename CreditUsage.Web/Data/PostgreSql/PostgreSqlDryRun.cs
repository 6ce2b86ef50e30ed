using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Data.PostgreSql;

/// <summary>A temporary table that is dropped with its transaction. Names are looked up among temporary tables first, so recording runs on it as on the real one.</summary>
internal sealed class PostgreSqlDryRun : UsageDryRun
{
    private readonly CreditUsageDb _db;
    private readonly string _stored;

    /// <summary>Of an import that is being stored: what is not stored yet is no duplicate.</summary>
    private readonly long _hiddenBlock;

    private PostgreSqlDryRun(CreditUsageDb db, string stored, long hiddenBlock) => (_db, _stored, _hiddenBlock) = (db, stored, hiddenBlock);

    public static async Task<PostgreSqlDryRun> BeginAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        await db.BeginSnapshotAsync(cancellation);
        var hidden = await db.UsageIntakes.MaxAsync(intake => intake.HiddenBlock, cancellation) ?? -1;
        var schema = await db.Database.SqlQuery<string>($"""SELECT quote_ident(relnamespace::regnamespace::text) AS "Value" FROM pg_class WHERE oid = '"UsageEvents"'::regclass""").SingleAsync(cancellation);
        var stored = $"{schema}.\"UsageEvents\"";
        var indexes = await db.Database.SqlQueryRaw<string>(
            """
            SELECT pg_get_indexdef(indexrelid) AS "Value" FROM pg_index WHERE indrelid = '"UsageEvents"'::regclass AND indisunique AND NOT indisprimary
            """).ToListAsync(cancellation);
        // Without the key: inserted rows would take the numbers of stored ones that are copied in later.
        await RunAsync(db, $"""CREATE TEMP TABLE "UsageEvents" (LIKE {stored}) ON COMMIT DROP; ALTER TABLE pg_temp."UsageEvents" ALTER "Id" SET DEFAULT 0""", [], cancellation);
        foreach (var index in indexes) await RunAsync(db, index.Replace($" ON {schema}.", " ON pg_temp.", StringComparison.Ordinal), [], cancellation);
        return new PostgreSqlDryRun(db, stored, hidden);
    }

    public override async Task IncludeStoredAsync(IReadOnlyList<UsageEvent> rows, CancellationToken cancellation)
    {
        var byId = $$"""
            INSERT INTO "UsageEvents" SELECT * FROM {{_stored}} AS stored
            WHERE "SubscriptionId" = {0} AND "EventId" = ANY ({1}) AND stored."Id" / {2} <> {3} ON CONFLICT DO NOTHING
            """;
        var byDevice = $$"""
            INSERT INTO "UsageEvents" SELECT stored.* FROM unnest({1}, {2}) AS wanted (device, day) JOIN {{_stored}} AS stored
            ON stored."SubscriptionId" = {0} AND stored."DeviceNumber" = wanted.device AND stored."ServiceDate" = wanted.day AND stored."Id" / {3} <> {4} ON CONFLICT DO NOTHING
            """;
        var corrections = $$"""
            INSERT INTO "UsageEvents" SELECT correction.* FROM unnest({1}, {2}) AS wanted (device, day) JOIN {{_stored}} AS stored
            ON stored."SubscriptionId" = {0} AND stored."DeviceNumber" = wanted.device AND stored."ServiceDate" = wanted.day
            JOIN {{_stored}} AS correction ON correction."SubscriptionId" = {0} AND correction."CorrectsId" = stored."Id" AND correction."Id" / {3} <> {4} ON CONFLICT DO NOTHING
            """;
        var topUps = rows.Where(row => row.DeviceNumber is not null).ToList();
        await RunAsync(_db, byId, [_db.RequireSubscriptionId(), rows.Select(row => row.EventId).ToArray(), UsageEvent.IdsOfBlock, _hiddenBlock], cancellation);
        if (topUps.Count == 0) return;
        object[] days = [_db.RequireSubscriptionId(), topUps.Select(row => row.DeviceNumber!.Value).ToArray(), topUps.Select(row => row.ServiceDate).ToArray(), UsageEvent.IdsOfBlock, _hiddenBlock];
        await RunAsync(_db, byDevice, days, cancellation);
        await RunAsync(_db, corrections, days, cancellation);
    }

    // The recorded ones are gathered first, by all that must be equal. An event of a dry run belongs to no intake.
    public override Task<List<UsageDouble>> DoublesAsync(IReadOnlyCollection<UsageMonth> months, CancellationToken cancellation)
    {
        var doubles = $$"""
            WITH new AS (SELECT * FROM pg_temp."UsageEvents" WHERE "IntakeId" = 0 AND "Kind" = {3}),
            stored AS (
                SELECT min("EventId") AS "Recorded", "OccurredAt", "StaffMemberId", "ClientId", "ProgramId", "DurationMinutes" FROM {{_stored}}
                WHERE "SubscriptionId" = {0}
                AND "ReportMonth" = ANY ({4})
                AND "OccurredAt" IN (SELECT "OccurredAt" FROM new) AND "Kind" = {3} AND "Correction" IS NULL AND "Id" / {1} <> {2}
                GROUP BY "OccurredAt", "StaffMemberId", "ClientId", "ProgramId", "DurationMinutes")
            SELECT new."EventId" AS "EventId", stored."Recorded" AS "Recorded" FROM new JOIN stored USING ("OccurredAt", "StaffMemberId", "ClientId", "ProgramId", "DurationMinutes")
            """;
        return _db.Database.SqlQueryRaw<UsageDouble>(doubles, _db.RequireSubscriptionId(), UsageEvent.IdsOfBlock, _hiddenBlock, (int)UsageKind.ConnectedSession, months.Select(month => month.Number).ToArray()).ToListAsync(cancellation);
    }

    public override async ValueTask DisposeAsync() => await _db.EndSnapshotAsync();

    private static Task<int> RunAsync(CreditUsageDb db, string sql, object[] values, CancellationToken cancellation) => db.Database.ExecuteSqlRawAsync(sql, values, cancellation);
}
