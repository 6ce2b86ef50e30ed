using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace CreditUsage.Data.PostgreSql;

/// <summary>By COPY in binary form.</summary>
internal sealed class PostgreSqlTableWriter(NpgsqlBinaryImporter rows, IReadOnlyList<string> types) : TableWriter
{
    public static async Task<TableWriter> BeginAsync(NpgsqlConnection connection, ITable table, CancellationToken cancellation)
    {
        var columns = table.Columns.ToList();
        var rows = await connection.BeginBinaryImportAsync($"COPY \"{table.Name}\" ({string.Join(", ", columns.Select(column => $"\"{column.Name}\""))}) FROM STDIN (FORMAT BINARY)", cancellation);
        return new PostgreSqlTableWriter(rows, columns.ConvertAll(column => column.StoreType.Split('(')[0]));
    }

    public override async Task WriteAsync(object?[] row, CancellationToken cancellation)
    {
        await rows.StartRowAsync(cancellation);
        for (var place = 0; place < row.Length; place++)
        {
            if (row[place] is { } value) await rows.WriteAsync(value is DateTimeOffset at ? at.ToUniversalTime() : value, types[place], cancellation);
            else await rows.WriteNullAsync(cancellation);
        }
    }

    public override async Task CompleteAsync(CancellationToken cancellation) => await rows.CompleteAsync(cancellation);

    public override ValueTask DisposeAsync() => rows.DisposeAsync();
}
