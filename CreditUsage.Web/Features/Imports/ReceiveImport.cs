using CreditUsage.Core.Intake;
using CreditUsage.Core.Tables;
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
        sent.RequireEnding(FileContent.Endings, FileContent.OtherEnding);
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
            if (hashed.Bytes == 0) throw new UserFacingException(FileContent.Empty);
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
