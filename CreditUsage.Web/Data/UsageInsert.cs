using System.Data.Common;
using System.Globalization;
using System.Text;
using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CreditUsage.Data;

/// <summary>
/// The prepared INSERT of usage events, up to <see cref="RowsAtOnce"/> rows a statement, in the context's transaction. Raw
/// because it is measured to matter: 100,000 rows take about 1 s this way and 25 s and 1.4 GiB through the change tracker.
/// A row that is already there is passed over.
/// </summary>
internal sealed class UsageInsert : IDisposable
{
    public const int RowsAtOnce = 200;

    private static readonly string[] Columns =
    [
        nameof(UsageEvent.SubscriptionId), nameof(UsageEvent.EventId), nameof(UsageEvent.Kind), nameof(UsageEvent.ServiceDate), nameof(UsageEvent.OccurredAt),
        nameof(UsageEvent.StaffMemberId), nameof(UsageEvent.ClientId), nameof(UsageEvent.ProgramId), nameof(UsageEvent.TopUpDeviceId), nameof(UsageEvent.DeviceNumber),
        nameof(UsageEvent.DurationMinutes), nameof(UsageEvent.Credits), nameof(UsageEvent.UnitPriceMicros), nameof(UsageEvent.CostPence),
    ];

    private readonly CreditUsageDb _db;
    private readonly DbCommand _full;

    public UsageInsert(CreditUsageDb db)
    {
        _db = db;
        _full = Prepare(RowsAtOnce);
    }

    /// <summary>How many of the rows were not there before.</summary>
    public async Task<int> RunAsync(IReadOnlyList<UsageEvent> rows, CancellationToken cancellation)
    {
        if (rows.Count == RowsAtOnce) return await RunAsync(_full, rows, cancellation);
        await using var partial = Prepare(rows.Count);
        return await RunAsync(partial, rows, cancellation);
    }

    public void Dispose() => _full.Dispose();

    private static async Task<int> RunAsync(DbCommand command, IReadOnlyList<UsageEvent> rows, CancellationToken cancellation)
    {
        var next = 0;
        foreach (var row in rows)
            next = Bind(command.Parameters, next, row);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static int Bind(DbParameterCollection parameters, int at, UsageEvent row)
    {
        parameters[at].Value = row.SubscriptionId;
        parameters[at + 1].Value = row.EventId;
        parameters[at + 2].Value = (int)row.Kind;
        parameters[at + 3].Value = row.ServiceDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        parameters[at + 4].Value = row.OccurredAt.ToUnixTimeMilliseconds();
        parameters[at + 5].Value = row.StaffMemberId;
        parameters[at + 6].Value = (object?)row.ClientId ?? DBNull.Value;
        parameters[at + 7].Value = row.ProgramId;
        parameters[at + 8].Value = (object?)row.TopUpDeviceId ?? DBNull.Value;
        parameters[at + 9].Value = (object?)row.DeviceNumber ?? DBNull.Value;
        parameters[at + 10].Value = (object?)row.DurationMinutes ?? DBNull.Value;
        parameters[at + 11].Value = row.Credits;
        parameters[at + 12].Value = (object?)row.UnitPriceMicros ?? DBNull.Value;
        parameters[at + 13].Value = (object?)row.CostPence ?? DBNull.Value;
        return at + Columns.Length;
    }

    private DbCommand Prepare(int rows)
    {
        var command = _db.Database.GetDbConnection().CreateCommand();
        command.Transaction = _db.Database.CurrentTransaction!.GetDbTransaction();
        command.CommandText = Sql(rows);
        for (var i = 0; i < rows * Columns.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{i}");
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private static string Sql(int rows)
    {
        var sql = new StringBuilder("INSERT INTO \"UsageEvents\" (").AppendJoin(", ", Columns.Select(column => $"\"{column}\"")).Append(") VALUES ");
        for (var row = 0; row < rows; row++)
        {
            sql.Append(row == 0 ? "(" : ", (");
            sql.AppendJoin(", ", Enumerable.Range(row * Columns.Length, Columns.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"@p{i}")));
            sql.Append(')');
        }
        return sql.Append(" ON CONFLICT DO NOTHING").ToString();
    }
}
