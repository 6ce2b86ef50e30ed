namespace CreditUsage.Platform.Storage;

/// <summary>Files named by their SHA-256. None is overwritten or changed. Settings say whether they are in the data folder or in the database.</summary>
public abstract class ReportFiles
{
    public const string Pdf = "pdf";

    /// <summary>What no row has named for so long is removed.</summary>
    protected static readonly TimeSpan UnnamedFor = TimeSpan.FromDays(1);

    /// <summary>Takes a file from a folder on the same disk, before its row is written and in the same transaction. The same content is stored once.</summary>
    public abstract Task StoreAsync(string source, string sha256, string extension, CancellationToken cancellation);

    /// <summary>Whether it is there as it was stored.</summary>
    public abstract Task<bool> IsIntactAsync(string sha256, CancellationToken cancellation, string extension = Pdf);

    /// <summary>The first bytes of a file; null where there is none.</summary>
    public abstract Task<byte[]?> HeadAsync(string sha256, string extension, int bytes, CancellationToken cancellation);

    public abstract Task RemoveAsync(string sha256, CancellationToken cancellation, string extension = Pdf);

    /// <summary>The hashes and extensions of what has lain there for a day, by the machine's own clock.</summary>
    public abstract Task<IReadOnlyList<(string Sha256, string Extension)>> OldAsync(CancellationToken cancellation);

    /// <summary>Removes a file that no row names. Call it under the write lock, under which a running save stores its own.</summary>
    public abstract Task<bool> RemoveUnnamedAsync(string sha256, string extension, CancellationToken cancellation);

    /// <summary>From its beginning, its bytes proved.</summary>
    /// <exception cref="UserFacingException">It is missing or not what was stored.</exception>
    public abstract Task<Stream> OpenAsync(string sha256, CancellationToken cancellation, string extension = Pdf);

    protected static UserFacingException Missing() => new("The file of this saved report is missing. Restore it from a backup.");

    protected static UserFacingException Changed() => new("The file of this saved report has changed since it was saved. Restore it from a backup.");
}
