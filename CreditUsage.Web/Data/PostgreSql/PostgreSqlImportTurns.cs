using Npgsql;

namespace CreditUsage.Data.PostgreSql;

/// <summary>A lock of a connection, which the server lets go of when the connection ends.</summary>
internal sealed class PostgreSqlImportTurns(string connectionString) : ImportTurns
{
    // Not of a pool: a connection that a pool keeps would keep the lock.
    private readonly string _ownConnection = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    public override IDisposable? TryEnter(int subscription)
    {
        var connection = new NpgsqlConnection(_ownConnection);
        try
        {
            connection.Open();
            using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1, $2)", connection) { Parameters = { new() { Value = PostgreSqlLocks.Import }, new() { Value = subscription } } };
            if (command.ExecuteScalar() is true) return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        connection.Dispose();
        return null;
    }
}
