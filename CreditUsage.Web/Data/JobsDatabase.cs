namespace CreditUsage.Data;

/// <summary>What the job engine remembers, in a file of its own that can be lost: the state that users see is in the database.</summary>
public abstract class JobsDatabase
{
    /// <summary>Whether the file is there, and neither damaged nor without the engine's tables.</summary>
    public abstract bool IsWhole();

    /// <summary>Renames a file that is there. The engine makes another at its next start.</summary>
    /// <returns>The new name; null where there was none.</returns>
    public abstract string? PutAside(DateTimeOffset at);

    /// <summary>The engine's tables with every job and trigger, none of them running; null where it has planned nothing yet.</summary>
    public abstract byte[]? Copy();

    /// <summary>Puts a copy where no file is, for an engine that goes on.</summary>
    public abstract void Restore(byte[] copy);

    /// <summary>The job whose trigger has been due longest, or is due next; null where none waits.</summary>
    public abstract (string Job, DateTimeOffset At)? EarliestDue();
}
