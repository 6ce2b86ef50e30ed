using Microsoft.Data.Sqlite;

namespace CreditUsage.Data.Sqlite;

/// <summary>
/// A number that changes with every commit, of whatever connection and process. SQLite gives it to each connection for itself, so one that never
/// writes is kept for asking; the answer takes some microseconds.
/// </summary>
internal sealed class SqliteChanges(string connectionString) : IDisposable
{
    private readonly Lock _lock = new();
    private SqliteConnection? _connection;
    private SqliteCommand? _command;

    public long Read()
    {
        lock (_lock)
        {
            _command ??= Open();
            return (long)_command.ExecuteScalar()!;
        }
    }

    public void Dispose()
    {
        _command?.Dispose();
        _connection?.Dispose();
    }

    private SqliteCommand Open()
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        _connection.Open();
        var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        return command;
    }
}
