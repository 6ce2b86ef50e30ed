using System.Security.Cryptography;
using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Storage;

/// <summary>
/// In the database, in the transaction of the row that names a file: every node has it, and one backup has all. What was kept in the data folder
/// before the setting changed is still read there.
/// </summary>
public sealed class DatabaseReportFiles(CreditUsageDb db, FolderReportFiles before, IOptions<CreditUsageOptions> options) : ReportFiles
{
    public override async Task StoreAsync(string source, string sha256, string extension, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(source);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        // Past the change tracker, which would write what else the transaction has prepared.
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO "StoredFiles" ("Sha256", "Extension", "SizeBytes", "StoredAt") VALUES ({sha256}, {extension}, {content.Length}, {now})
             ON CONFLICT ("Sha256", "Extension") DO UPDATE SET "StoredAt" = {now}
             """,
            cancellation);
        await foreach (var (number, part) in FileParts.OfAsync(content, cancellation))
            await db.Database.ExecuteSqlAsync($"""INSERT INTO "StoredFileParts" ("Sha256", "Extension", "Number", "Content") VALUES ({sha256}, {extension}, {number}, {part}) ON CONFLICT DO NOTHING""", cancellation);
    }

    public override async Task<bool> IsIntactAsync(string sha256, CancellationToken cancellation, string extension = Pdf) => await IsHereAsync(sha256, extension, cancellation)
        ? await CopyAsync(sha256, extension, Stream.Null, cancellation) == sha256
        : await before.IsIntactAsync(sha256, cancellation, extension);

    public override async Task<byte[]?> HeadAsync(string sha256, string extension, int bytes, CancellationToken cancellation)
    {
        if (!await IsHereAsync(sha256, extension, cancellation)) return await before.HeadAsync(sha256, extension, bytes, cancellation);
        var first = await Parts(sha256, extension).FirstOrDefaultAsync(cancellation) ?? [];
        return first.Length <= bytes ? first : first[..bytes];
    }

    public override async Task RemoveAsync(string sha256, CancellationToken cancellation, string extension = Pdf)
    {
        await db.StoredFiles.Where(file => file.Sha256 == sha256 && file.Extension == extension).ExecuteDeleteAsync(cancellation);
        await before.RemoveAsync(sha256, cancellation, extension);
    }

    public override async Task<IReadOnlyList<(string Sha256, string Extension)>> OldAsync(CancellationToken cancellation)
    {
        var old = DateTimeOffset.UtcNow - UnnamedFor;
        var here = await db.StoredFiles.Where(file => file.StoredAt < old).Select(file => new { file.Sha256, file.Extension }).ToListAsync(cancellation);
        return [.. here.Select(file => (file.Sha256, file.Extension)).Union(await before.OldAsync(cancellation))];
    }

    public override async Task<bool> RemoveUnnamedAsync(string sha256, string extension, CancellationToken cancellation)
    {
        var old = DateTimeOffset.UtcNow - UnnamedFor;
        var removed = await db.StoredFiles.Where(file => file.Sha256 == sha256 && file.Extension == extension && file.StoredAt < old).ExecuteDeleteAsync(cancellation) > 0;
        return await before.RemoveUnnamedAsync(sha256, extension, cancellation) || removed;
    }

    public override async Task<Stream> OpenAsync(string sha256, CancellationToken cancellation, string extension = Pdf)
    {
        if (!await IsHereAsync(sha256, extension, cancellation)) return await before.OpenAsync(sha256, cancellation, extension);
        // Proved as a whole before its first byte goes out, without having all of it in memory.
        var copy = ScratchFile.Create(options.Value.DataFolder);
        try
        {
            if (await CopyAsync(sha256, extension, copy, cancellation) != sha256) throw Changed();
            copy.Position = 0;
            return copy;
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }

    private Task<bool> IsHereAsync(string sha256, string extension, CancellationToken cancellation) => db.StoredFiles.AnyAsync(file => file.Sha256 == sha256 && file.Extension == extension, cancellation);

    private IQueryable<byte[]> Parts(string sha256, string extension) =>
        db.StoredFileParts.AsNoTracking().Where(part => part.Sha256 == sha256 && part.Extension == extension).OrderBy(part => part.Number).Select(part => part.Content);

    /// <returns>The SHA-256 of what was read.</returns>
    private async Task<string> CopyAsync(string sha256, string extension, Stream into, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var part in Parts(sha256, extension).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            hash.AppendData(part);
            await into.WriteAsync(part, cancellation);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
