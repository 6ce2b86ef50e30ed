using CreditUsage.Data.Sqlite;

namespace CreditUsage.Data.Engines;

/// <summary>Why the database refused, whichever engine it is and whether or not EF wrapped its exception.</summary>
public static class DatabaseFailure
{
    /// <summary>Somebody else has held the write lock for as long as a writer waits.</summary>
    public static bool IsBusy(Exception problem) => SqliteFailure.IsBusy(problem);

    /// <summary>The disk is full.</summary>
    public static bool IsFull(Exception problem) => SqliteFailure.IsFull(problem);

    /// <summary>The database cannot be used: busy, full, not migrated, unreadable. A row that breaks a constraint is a fault of ours instead.</summary>
    public static bool IsUnavailable(Exception problem) => SqliteFailure.IsUnavailable(problem);
}
