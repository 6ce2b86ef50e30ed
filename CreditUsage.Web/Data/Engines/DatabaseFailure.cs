using CreditUsage.Data.Sqlite;

namespace CreditUsage.Data.Engines;

/// <summary>Classifies the exceptions of any engine, whether or not EF wrapped them.</summary>
public static class DatabaseFailure
{
    public static bool IsBusy(Exception problem) => SqliteFailure.IsBusy(problem);

    public static bool IsFull(Exception problem) => SqliteFailure.IsFull(problem);

    /// <summary>Busy, full, not migrated or unreadable. A row that breaks a constraint is a bug instead.</summary>
    public static bool IsUnavailable(Exception problem) => SqliteFailure.IsUnavailable(problem);
}
