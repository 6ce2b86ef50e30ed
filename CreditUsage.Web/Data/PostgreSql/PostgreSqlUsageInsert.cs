using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;

namespace CreditUsage.Data.PostgreSql;

/// <summary>One statement for all rows, whose columns are sent as arrays: the change tracker takes 60 times as long.</summary>
internal sealed class PostgreSqlUsageInsert(CreditUsageDb db) : UsageInsert
{
    private static readonly IReadOnlyList<(string Name, NpgsqlDbType Type, Func<UsageEvent, object?> Value)> Columns =
    [
        ("SubscriptionId", NpgsqlDbType.Integer, row => row.SubscriptionId),
        ("EventId", NpgsqlDbType.Text, row => row.EventId),
        ("Kind", NpgsqlDbType.Integer, row => (int)row.Kind),
        ("ServiceDate", NpgsqlDbType.Date, row => row.ServiceDate),
        ("OccurredAt", NpgsqlDbType.Bigint, row => row.OccurredAt.ToUnixTimeMilliseconds()),
        ("StaffMemberId", NpgsqlDbType.Integer, row => row.StaffMemberId),
        ("ClientId", NpgsqlDbType.Integer, row => row.ClientId),
        ("ProgramId", NpgsqlDbType.Integer, row => row.ProgramId),
        ("TopUpDeviceId", NpgsqlDbType.Integer, row => row.TopUpDeviceId),
        ("DeviceNumber", NpgsqlDbType.Bigint, row => row.DeviceNumber),
        ("DayTurn", NpgsqlDbType.Integer, row => row.DayTurn),
        ("DurationMinutes", NpgsqlDbType.Integer, row => row.DurationMinutes),
        ("Credits", NpgsqlDbType.Integer, row => row.Credits),
        ("UnitPriceMicros", NpgsqlDbType.Bigint, row => row.UnitPriceMicros),
        ("CostPence", NpgsqlDbType.Bigint, row => row.CostPence),
        ("ReportMonth", NpgsqlDbType.Integer, row => row.ReportMonth.Number),
        ("PostedAt", NpgsqlDbType.Bigint, row => row.PostedAt.ToUnixTimeMilliseconds()),
        ("IntakeId", NpgsqlDbType.Integer, row => row.IntakeId),
        ("Correction", NpgsqlDbType.Integer, row => (int?)row.Correction),
        ("CorrectsId", NpgsqlDbType.Bigint, row => row.CorrectsId),
        ("Reason", NpgsqlDbType.Text, row => row.Reason),
    ];

    private static readonly string ChosenIds = Sql([]);
    private static readonly string GivenIds = Sql(["Id"]);

    public override async Task<IReadOnlyList<UsageEvent>> RunAsync(IReadOnlyList<UsageEvent> rows, CancellationToken cancellation)
    {
        if (rows.Count == 0) return rows;
        await using var command = (NpgsqlCommand)db.Database.GetDbConnection().CreateCommand();
        command.Transaction = (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = NextId is null ? ChosenIds : GivenIds;
        if (NextId is { } first)
        {
            command.Parameters.Add(Column(NpgsqlDbType.Bigint, Enumerable.Range(0, rows.Count).Select(row => (object?)(first + row))));
            NextId = first + rows.Count;
        }
        foreach (var (_, type, value) in Columns) command.Parameters.Add(Column(type, rows.Select(value)));

        var inserted = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) inserted.Add(reader.GetString(0));
        // Of two rows with one id the first was inserted.
        return [.. rows.Where(row => inserted.Remove(row.EventId))];
    }

    public override void Dispose()
    {
    }

    private static string Sql(IEnumerable<string> key)
    {
        var names = key.Concat(Columns.Select(column => column.Name)).Select(name => $"\"{name}\"").ToList();
        return $"""
            INSERT INTO "UsageEvents" ({string.Join(", ", names)}) SELECT * FROM unnest({string.Join(", ", names.Select((_, place) => $"${place + 1}"))})
            ON CONFLICT DO NOTHING RETURNING "EventId"
            """;
    }

    private static NpgsqlParameter Column(NpgsqlDbType type, IEnumerable<object?> values) => new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values.ToArray() };
}
