using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace CreditUsage.Data;

/// <summary>Copies the rows of all tables into the empty tables of another database, which may be of another engine, and compares them by count and hash.</summary>
/// <param name="without">Tables whose rows stay behind.</param>
public sealed class DatabaseCopy(CreditUsageDb from, CreditUsageDb into, IReadOnlySet<Type> without)
{
    /// <summary>In a transaction of the target, which the caller has begun and commits; the source is read in one snapshot and not written.</summary>
    /// <exception cref="DatabaseCopyException">A table of the target has rows, or does not hold what was copied.</exception>
    public async Task<IReadOnlyList<CopiedTable>> RunAsync(CancellationToken cancellation)
    {
        var tables = Ordered();
        foreach (var table in tables)
            if (await CountAsync(table, cancellation) > 0) throw new DatabaseCopyException($"The table {table.Name} of the database to copy to has rows. Name an empty database.");
        var copied = new List<CopiedTable>();
        await from.BeginSnapshotAsync(cancellation);
        await from.SeeEverySubscriptionAsync(cancellation);
        foreach (var table in tables) copied.Add(await CopyAsync(table, cancellation));
        await from.EndSnapshotAsync();
        foreach (var (table, source) in tables.Zip(copied))
            if (await HashAsync(table, cancellation) is var target && target != source)
                throw new DatabaseCopyException($"The table {table.Name} has {target.Rows} rows with the hash {target.Sha256[..12]} where {source.Rows} with {source.Sha256[..12]} were copied. Nothing was kept.");
        await into.AfterCopyAsync(tables, cancellation);
        return copied;
    }

    /// <summary>Each after those that it refers to.</summary>
    private List<ITable> Ordered()
    {
        var left = into.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables.Where(table => !table.EntityTypeMappings.Any(mapping => without.Contains(mapping.TypeBase.ClrType))).OrderBy(table => table.Name, StringComparer.Ordinal).ToList();
        var ordered = new List<ITable>();
        while (left.Count > 0)
        {
            var next = left.First(table => table.ForeignKeyConstraints.All(key => key.PrincipalTable == table || !left.Contains(key.PrincipalTable)));
            left.Remove(next);
            ordered.Add(next);
        }
        return ordered;
    }

    private async Task<long> CountAsync(ITable table, CancellationToken cancellation)
    {
        await using var command = Command(into, $"SELECT count(*) FROM \"{table.Name}\"");
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture);
    }

    private async Task<CopiedTable> CopyAsync(ITable table, CancellationToken cancellation)
    {
        await using var command = Command(from, Select(table));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await using var writer = await into.BeginCopyAsync(table, cancellation);
        using var hash = new RowsHash();
        var row = new object?[table.Columns.Count()];
        while (await reader.ReadAsync(cancellation))
        {
            Read(reader, table, row);
            hash.Add(row);
            await writer.WriteAsync(row, cancellation);
        }
        await writer.CompleteAsync(cancellation);
        return hash.Of(table.Name);
    }

    private async Task<CopiedTable> HashAsync(ITable table, CancellationToken cancellation)
    {
        await using var command = Command(into, Select(table));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        using var hash = new RowsHash();
        var row = new object?[table.Columns.Count()];
        while (await reader.ReadAsync(cancellation))
        {
            Read(reader, table, row);
            hash.Add(row);
        }
        return hash.Of(table.Name);
    }

    // In the order of the key, which is the same on every engine.
    private static string Select(ITable table) =>
        $"SELECT {string.Join(", ", table.Columns.Select(column => $"\"{column.Name}\""))} FROM \"{table.Name}\" ORDER BY {string.Join(", ", table.PrimaryKey!.Columns.Select(column => $"\"{column.Name}\""))}";

    private static DbCommand Command(CreditUsageDb db, string sql)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction is { } transaction ? Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(transaction) : null;
        command.CommandText = sql;
        return command;
    }

    private static void Read(DbDataReader reader, ITable table, object?[] row)
    {
        foreach (var (place, column) in table.Columns.Index()) row[place] = reader.IsDBNull(place) ? null : Read(reader, place, TypeOf(column));
    }

    /// <summary>What a column holds, as both engines read and write it.</summary>
    internal static Type TypeOf(IColumn column)
    {
        var type = column.StoreTypeMapping.Converter?.ProviderClrType ?? column.StoreTypeMapping.ClrType;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    private static object Read(DbDataReader reader, int place, Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => reader.GetBoolean(place),
        TypeCode.Int16 => reader.GetInt16(place),
        TypeCode.Int32 => reader.GetInt32(place),
        TypeCode.Int64 => reader.GetInt64(place),
        TypeCode.Double => reader.GetDouble(place),
        TypeCode.String => reader.GetString(place),
        _ when type == typeof(byte[]) => reader.GetFieldValue<byte[]>(place),
        _ when type == typeof(Guid) => reader.GetGuid(place),
        _ when type == typeof(DateOnly) => reader.GetFieldValue<DateOnly>(place),
        _ when type == typeof(DateTimeOffset) => reader.GetFieldValue<DateTimeOffset>(place),
        _ => throw new NotSupportedException($"A column of {type.Name} is not copied yet."),
    };

    /// <summary>SHA-256 of rows in their order: each value with its length before it.</summary>
    private sealed class RowsHash : IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long _rows;

        public void Add(object?[] row)
        {
            _rows++;
            foreach (var value in row)
            {
                var bytes = value as byte[] ?? Encoding.UTF8.GetBytes(Convert.ToString(value is DateTimeOffset at ? at.UtcTicks : value, CultureInfo.InvariantCulture) ?? "");
                _hash.AppendData(BitConverter.GetBytes(value is null ? -1 : bytes.Length));
                _hash.AppendData(bytes);
            }
        }

        public CopiedTable Of(string name) => new(name, _rows, Convert.ToHexStringLower(_hash.GetHashAndReset()));

        public void Dispose() => _hash.Dispose();
    }
}

/// <param name="Sha256">Of all values in the order of the key, lower-case hexadecimal.</param>
public sealed record CopiedTable(string Name, long Rows, string Sha256);

/// <summary>Has a message for whoever copies; nothing was kept.</summary>
public sealed class DatabaseCopyException(string message) : Exception(message);

/// <summary>Writes rows of one table in the current transaction.</summary>
internal abstract class TableWriter : IAsyncDisposable
{
    public abstract Task WriteAsync(object?[] row, CancellationToken cancellation);

    public abstract Task CompleteAsync(CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();
}
