using Npgsql;

namespace CreditUsage.Data.PostgreSql;

/// <summary>The job engine's tables are beside the others: the server keeps them whole, and a backup of it has them.</summary>
internal sealed class PostgreSqlJobsDatabase(string connectionString) : JobsDatabase
{
    public override bool IsWhole() => true;

    public override string? PutAside(DateTimeOffset at) => null;

    public override byte[]? Copy() => null;

    public override void Restore(byte[] copy) => throw new NotSupportedException("The job engine's tables are restored with the database.");

    public override (string Job, DateTimeOffset At)? EarliestDue()
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var command = new NpgsqlCommand("SELECT job_name, next_fire_time FROM qrtz_triggers WHERE trigger_state = 'WAITING' AND next_fire_time > 0 ORDER BY next_fire_time LIMIT 1", connection);
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetString(0), new DateTimeOffset(reader.GetInt64(1), TimeSpan.Zero)) : null;
    }
}
