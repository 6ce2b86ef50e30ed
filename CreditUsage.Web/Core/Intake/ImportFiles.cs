using System.Globalization;
using System.Text.Json;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Core.Intake;

/// <summary>The files of an import: the upload, its faults and its notes. They are kept where the files of reports are, in the data folder or in the database.</summary>
public abstract class ImportFiles(IOptions<CreditUsageOptions> options)
{
    /// <summary>So long no process takes to receive one.</summary>
    protected static readonly TimeSpan Abandoned = TimeSpan.FromHours(2);

    protected string Root => Path.Combine(options.Value.DataFolder, "imports");

    /// <summary>A new file on this node for incoming bytes; nobody else may read it.</summary>
    public FileStream Receive(Guid id, ImportFileKind kind)
    {
        PrivateFolder.Create(Root);
        File.Delete(PartOf(id, kind));
        return PrivateFile.Create(PartOf(id, kind));
    }

    /// <summary>Keeps what <see cref="Receive"/> began, in place of an earlier file of its kind, once all of it is on the disk.</summary>
    public abstract Task KeepAsync(Guid id, ImportFileKind kind, CancellationToken cancellation);

    /// <summary>From its beginning; null where there is none.</summary>
    public abstract Task<Stream?> OpenAsync(Guid id, ImportFileKind kind, CancellationToken cancellation);

    /// <exception cref="UserFacingException">The upload is missing.</exception>
    public async Task<Stream> OpenUploadAsync(Guid id, CancellationToken cancellation) =>
        await OpenAsync(id, ImportFileKind.Upload, cancellation) ?? throw new UserFacingException("The uploaded file is missing. Upload it again.");

    /// <param name="any">Without any fault an earlier list goes too.</param>
    public async Task KeepFaultsAsync(Guid id, bool any, CancellationToken cancellation)
    {
        if (any) await KeepAsync(id, ImportFileKind.Faults, cancellation);
        else await RemoveAsync(id, ImportFileKind.Faults, cancellation);
    }

    public async Task<IReadOnlyList<string>> NotesAsync(Guid id, CancellationToken cancellation) => await ReadAsync<List<string>>(id, ImportFileKind.Notes, cancellation) ?? [];

    public Task KeepNotesAsync(Guid id, IReadOnlyList<string> notes, CancellationToken cancellation) => KeepAsync(id, ImportFileKind.Notes, notes, cancellation);

    /// <summary>Null where there is none: the file has not been checked, or was before there were previews.</summary>
    public Task<ImportPreview?> PreviewAsync(Guid id, CancellationToken cancellation) => ReadAsync<ImportPreview>(id, ImportFileKind.Preview, cancellation);

    public Task KeepPreviewAsync(Guid id, ImportPreview preview, CancellationToken cancellation) => KeepAsync(id, ImportFileKind.Preview, preview, cancellation);

    /// <summary>Removes the uploaded bytes; the faults stay, so that the import can be looked at again.</summary>
    public async Task DiscardAsync(Guid id)
    {
        if (Directory.Exists(Root)) File.Delete(PartOf(id, ImportFileKind.Faults));
        await RemoveAsync(id, ImportFileKind.Upload, CancellationToken.None);
    }

    /// <summary>Removes what killed processes left, but not what running ones are writing.</summary>
    public virtual Task SweepAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (Directory.Exists(Root))
            foreach (var file in new DirectoryInfo(Root).EnumerateFiles("*.part").Where(file => DateTime.UtcNow - file.LastWriteTimeUtc > Abandoned)) file.Delete();
        return Task.CompletedTask;
    }

    private async Task<T?> ReadAsync<T>(Guid id, ImportFileKind kind, CancellationToken cancellation)
        where T : class
    {
        await using var file = await OpenAsync(id, kind, cancellation);
        return file is null ? null : await JsonSerializer.DeserializeAsync<T>(file, cancellationToken: cancellation);
    }

    private async Task KeepAsync<T>(Guid id, ImportFileKind kind, T content, CancellationToken cancellation)
    {
        await using (var file = Receive(id, kind)) await JsonSerializer.SerializeAsync(file, content, cancellationToken: cancellation);
        await KeepAsync(id, kind, cancellation);
    }

    private async Task RemoveAsync(Guid id, ImportFileKind kind, CancellationToken cancellation)
    {
        if (Directory.Exists(Root)) File.Delete(PartOf(id, kind));
        await RemoveKeptAsync(id, kind, cancellation);
    }

    internal abstract Task RemoveKeptAsync(Guid id, ImportFileKind kind, CancellationToken cancellation);

    protected string PartOf(Guid id, ImportFileKind kind) => Path.Combine(Root, kind switch
    {
        ImportFileKind.Upload => $"{id:N}.part",
        ImportFileKind.Faults => $"{id:N}.faults.part",
        ImportFileKind.Notes => $"{id:N}.notes.part",
        ImportFileKind.Preview => $"{id:N}.preview.part",
        ImportFileKind.Doubles => $"{id:N}.doubles.part",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such file."),
    });
}

/// <summary>In the data folder, named after the import's id.</summary>
public sealed class FolderImportFiles(IOptions<CreditUsageOptions> options) : ImportFiles(options)
{
    public override Task KeepAsync(Guid id, ImportFileKind kind, CancellationToken cancellation)
    {
        File.Move(PartOf(id, kind), PathOf(id, kind), overwrite: true);
        return Task.CompletedTask;
    }

    public override Task<Stream?> OpenAsync(Guid id, ImportFileKind kind, CancellationToken cancellation) => Task.FromResult<Stream?>(File.Exists(PathOf(id, kind)) ? File.OpenRead(PathOf(id, kind)) : null);

    internal override Task RemoveKeptAsync(Guid id, ImportFileKind kind, CancellationToken cancellation)
    {
        if (Directory.Exists(Root)) File.Delete(PathOf(id, kind));
        return Task.CompletedTask;
    }

    private string PathOf(Guid id, ImportFileKind kind) => Path.Combine(Root, kind switch
    {
        ImportFileKind.Upload => $"{id:N}.csv",
        ImportFileKind.Faults => $"{id:N}.faults.csv",
        ImportFileKind.Notes => $"{id:N}.notes",
        ImportFileKind.Preview => $"{id:N}.preview",
        ImportFileKind.Doubles => $"{id:N}.doubles.csv",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such file."),
    });
}

/// <summary>In the database, where every node finds them. What was kept in the data folder before the setting changed is still read there.</summary>
public sealed class DatabaseImportFiles(CreditUsageDb db, FolderImportFiles before, IOptions<CreditUsageOptions> options) : ImportFiles(options)
{
    private const int TimeDigits = 12; // Of a version 7 id, in milliseconds since 1970 (RFC 9562, 5.7).

    private readonly string _dataFolder = options.Value.DataFolder;

    // Part by part, each in a transaction of its own: other writers do not wait for a long file. Nothing reads it before the caller says that it is there.
    public override async Task KeepAsync(Guid id, ImportFileKind kind, CancellationToken cancellation)
    {
        await Parts(id, kind).ExecuteDeleteAsync(cancellation);
        await using (var content = File.OpenRead(PartOf(id, kind)))
        {
            var subscription = db.RequireSubscriptionId();
            // Past the change tracker, which would keep the whole file.
            await foreach (var (number, part) in FileParts.OfAsync(content, cancellation))
                await db.Database.ExecuteSqlAsync(
                    $"""INSERT INTO "ImportFileParts" ("SubscriptionId", "ImportId", "Kind", "Number", "Content") VALUES ({subscription}, {id}, {(int)kind}, {number}, {part})""", cancellation);
        }
        File.Delete(PartOf(id, kind));
    }

    public override async Task<Stream?> OpenAsync(Guid id, ImportFileKind kind, CancellationToken cancellation)
    {
        var copy = ScratchFile.Create(_dataFolder);
        try
        {
            await foreach (var part in Parts(id, kind).AsNoTracking().OrderBy(part => part.Number).Select(part => part.Content).AsAsyncEnumerable().WithCancellation(cancellation))
                await copy.WriteAsync(part, cancellation);
            if (copy.Length > 0)
            {
                copy.Position = 0;
                return copy;
            }
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
        await copy.DisposeAsync();
        return await before.OpenAsync(id, kind, cancellation);
    }

    /// <summary>Uploads that belong to no import, too: their process ended before it had written the import's row.</summary>
    public override async Task SweepAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await base.SweepAsync(now, cancellation);
        var imports = db.UsageImports.OfEverySubscription();
        var unnamed = await db.ImportFileParts.OfEverySubscription()
            .Where(part => part.Kind == ImportFileKind.Upload && part.Number == 0 && !imports.Any(import => import.Id == part.ImportId)).Select(part => part.ImportId).ToListAsync(cancellation);
        foreach (var upload in unnamed.Where(upload => BegunAt(upload) < now - Abandoned)) await EverySubscription.WriteAsync(db, () => Parts(upload, ImportFileKind.Upload).OfEverySubscription().ExecuteDeleteAsync(cancellation));
    }

    internal override async Task RemoveKeptAsync(Guid id, ImportFileKind kind, CancellationToken cancellation)
    {
        await Parts(id, kind).ExecuteDeleteAsync(cancellation);
        await before.RemoveKeptAsync(id, kind, cancellation);
    }

    private static DateTimeOffset BegunAt(Guid id) => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(id.ToString("N").AsSpan(0, TimeDigits), NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private IQueryable<ImportFilePart> Parts(Guid id, ImportFileKind kind) => db.ImportFileParts.Where(part => part.ImportId == id && part.Kind == kind);
}
