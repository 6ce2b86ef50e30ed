using System.Data.Common;
using System.Globalization;

namespace CreditUsage.Tests.Support;

/// <summary>A hand in the database, past the program and all its rules.</summary>
internal static class RawData
{
    /// <summary>How many rows each of the statements changed, the last one's.</summary>
    public static Task<int> RunAsync(string dataFolder, string sql) => AskAsync(dataFolder, sql, command => command.ExecuteNonQueryAsync());

    public static Task<string> ReadAsync(string dataFolder, string sql) =>
        AskAsync(dataFolder, sql, async command => Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture)!);

    /// <summary>Every field of every row that a statement finds.</summary>
    public static Task<string> DumpAsync(string dataFolder, string sql) => AskAsync(dataFolder, sql, async command =>
    {
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        return string.Join(';', rows);
    });

    /// <summary>Copies some columns of a row and gives the others new values.</summary>
    public static Task<int> CopyEventAsync(string dataFolder, string eventId, string newId) => RunAsync(dataFolder, $"""
        CREATE TEMP TABLE one AS SELECT * FROM UsageEvents WHERE EventId = '{eventId}';
        UPDATE one SET Id = (SELECT max(Id) + 1 FROM UsageEvents), EventId = '{newId}';
        INSERT INTO UsageEvents SELECT * FROM one
        """);

    private static async Task<T> AskAsync<T>(string dataFolder, string sql, Func<DbCommand, Task<T>> ask)
    {
        await using var connection = await TestDatabase.OpenAsync(dataFolder);
        await using var command = TestDatabase.Command(connection, sql);
        return await ask(command);
    }
}
