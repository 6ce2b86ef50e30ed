using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Uploads;

namespace CreditUsage.Features.Imports;

/// <summary>Receives a file, to be checked by a job. Its name must end in .csv, .txt, .tsv or .xlsx and is otherwise only shown; what it is, its content says.</summary>
public sealed class ReceiveImport(CreditUsageDb db, CurrentSubscription current, ImportFiles files, QueueImport queue, ImportLimits limits, TimeProvider clock)
{
    /// <exception cref="FileTooLargeException">The rest was not read, and nothing was kept.</exception>
    public async Task<Guid> RunAsync(SentFile sent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sent);
        sent.RequireEnding([".csv", ".txt", ".tsv", ".xlsx"], "Choose a file whose name ends in .csv, .txt, .tsv or .xlsx. A spreadsheet can be saved as one of them.");
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var import = await ReceiveAsync(id, sent, cancellation);
        // If queuing fails, the import is queued when the site starts again.
        await queue.RunAsync(import, CancellationToken.None);
        return id;
    }

    /// <summary>Stores the bytes before the row: bytes without a row are swept away.</summary>
    private async Task<UsageImport> ReceiveAsync(Guid id, SentFile sent, CancellationToken cancellation)
    {
        try
        {
            await using var hashed = new HashedStream(sent.Content, limits);
            await WriteAsync(id, hashed, cancellation);
            await sent.EndedAsync();
            if (hashed.Bytes == 0) throw new UserFacingException("The file is empty. It needs column names in the first line and one line for each event.");
            await files.KeepAsync(id, ImportFileKind.Upload, cancellation);
            var import = Row(id, sent.Name, hashed);
            db.Add(import);
            await db.SaveChangesAsync(cancellation);
            return import;
        }
        catch
        {
            await files.DiscardAsync(id);
            throw;
        }
    }

    private async Task WriteAsync(Guid id, HashedStream content, CancellationToken cancellation)
    {
        await using var file = files.Receive(id, ImportFileKind.Upload);
        await content.CopyToAsync(file, cancellation);
        file.Flush(flushToDisk: true);
    }

    private UsageImport Row(Guid id, string fileName, HashedStream file) => new()
    {
        Id = id,
        SubscriptionId = db.RequireSubscriptionId(),
        FileName = DisplayName.Of(fileName),
        Sha256 = file.Sha256(),
        SizeBytes = file.Bytes,
        UploadedBy = current.Actor,
        UploadedAt = clock.GetUtcNow(),
        State = UsageImportState.Checking,
        Rows = Math.Max(0, file.Lines - 1),
    };
}

/// <summary>A file's name on the sender's computer: only shown, never used as a path.</summary>
public static class DisplayName
{
    private const string Unnamed = "unnamed";

    /// <summary>The last part of a path, normalised and shortened; "unnamed" for what cannot be shown.</summary>
    public static string Of(string? sent)
    {
        var last = (sent ?? "").Split('/', '\\')[^1];
        var start = string.Concat(last.EnumerateRunes().Take(RecordedName.MaxCharacters).Select(rune => rune.ToString()));
        return RecordedName.TryNormalise(start, out var name, out _) && name.Length > 0 ? name : Unnamed;
    }
}
