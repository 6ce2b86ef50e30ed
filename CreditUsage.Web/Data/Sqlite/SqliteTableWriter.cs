using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Metadata;

namespace CreditUsage.Data.Sqlite;

/// <summary>By one prepared statement a row.</summary>
internal sealed class SqliteTableWriter : TableWriter
{
    private readonly SqliteCommand _insert;

    public SqliteTableWriter(SqliteConnection connection, SqliteTransaction transaction, ITable table)
    {
        var columns = table.Columns.ToList();
        _insert = connection.CreateCommand();
        _insert.Transaction = transaction;
        _insert.CommandText = $"INSERT INTO \"{table.Name}\" ({string.Join(", ", columns.Select(column => $"\"{column.Name}\""))}) VALUES ({string.Join(", ", columns.Select((_, place) => Name(place)))})";
        for (var place = 0; place < columns.Count; place++) _insert.Parameters.Add(new SqliteParameter { ParameterName = Name(place) });
    }

    public override async Task WriteAsync(object?[] row, CancellationToken cancellation)
    {
        for (var place = 0; place < row.Length; place++) _insert.Parameters[place].Value = row[place] ?? DBNull.Value;
        await _insert.ExecuteNonQueryAsync(cancellation);
    }

    public override Task CompleteAsync(CancellationToken cancellation) => Task.CompletedTask;

    public override ValueTask DisposeAsync() => _insert.DisposeAsync();

    private static string Name(int place) => string.Create(CultureInfo.InvariantCulture, $"$p{place}");
}
