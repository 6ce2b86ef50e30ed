using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Jobs;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Core.Backups;

/// <summary>Copies all that a site has into an empty database of either engine, files included. The source stays as it is.</summary>
public sealed class CopyDatabase(CreditUsageDb db, ReportFiles files, IServiceScopeFactory scopes)
{
    /// <summary>Files go by their own way: the target may keep them elsewhere.</summary>
    private static readonly HashSet<Type> Elsewhere = [typeof(StoredFile), typeof(StoredFilePart), typeof(ImportFilePart)];

    /// <param name="target">Services of a site on the target, in a scope that has entered no subscription.</param>
    /// <exception cref="UserFacingException">No row was kept, or not all files of imports, and why.</exception>
    public async Task<CopiedData> IntoAsync(IServiceProvider target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        var into = target.GetRequiredService<CreditUsageDb>();
        await using var transaction = await into.BeginWriteAsync(cancellation);
        try
        {
            var tables = await new DatabaseCopy(db, into, Elsewhere).RunAsync(cancellation);
            var copied = await CopyFilesAsync(target.GetRequiredService<ReportFiles>(), target.GetRequiredService<IOptions<CreditUsageOptions>>().Value.DataFolder, cancellation);
            await transaction.CommitAsync(cancellation);
            return new CopiedData(tables, copied, await CopyImportsAsync(target.GetRequiredService<IServiceScopeFactory>(), cancellation));
        }
        catch (DatabaseCopyException problem)
        {
            throw new UserFacingException(problem.Message, problem);
        }
    }

    private async Task<int> CopyFilesAsync(ReportFiles into, string dataFolder, CancellationToken cancellation)
    {
        var named = await NamedFiles.OfAsync(db, cancellation);
        foreach (var (sha256, extension) in named)
        {
            var path = Path.Combine(PrivateFolder.Create(Path.Combine(dataFolder, ScratchFile.Folder)), Guid.NewGuid().ToString("N"));
            try
            {
                await using (var content = await files.OpenAsync(sha256, cancellation, extension))
                await using (var copy = PrivateFile.Create(path)) await content.CopyToAsync(copy, cancellation);
                await into.StoreAsync(path, sha256, extension, cancellation);
            }
            finally
            {
                File.Delete(path);
            }
        }
        return named.Count;
    }

    /// <summary>After the rows that they belong to.</summary>
    private async Task<int> CopyImportsAsync(IServiceScopeFactory target, CancellationToken cancellation)
    {
        try
        {
            return await CopyEachImportAsync(target, cancellation);
        }
        catch (Exception problem)
        {
            throw new UserFacingException($"The tables were copied, and not all files of imports: {problem.Message} Empty what was copied to, and repeat.", problem);
        }
    }

    private async Task<int> CopyEachImportAsync(IServiceScopeFactory target, CancellationToken cancellation)
    {
        var copied = 0;
        foreach (var import in await db.UsageImports.AsNoTracking().OfEverySubscription().Select(import => new { import.Id, import.SubscriptionId }).ToListAsync(cancellation))
            foreach (var kind in Enum.GetValues<ImportFileKind>())
                if (await scopes.InSubscriptionAsync(import.SubscriptionId, services => CopyImportAsync(services.GetRequiredService<ImportFiles>(), import.Id, kind, import.SubscriptionId, target, cancellation))) copied++;
        return copied;
    }

    private static async Task<bool> CopyImportAsync(ImportFiles from, Guid id, ImportFileKind kind, int subscription, IServiceScopeFactory target, CancellationToken cancellation)
    {
        await using var content = await from.OpenAsync(id, kind, cancellation);
        if (content is null) return false;
        await target.InSubscriptionAsync(subscription, async services =>
        {
            var into = services.GetRequiredService<ImportFiles>();
            await using (var file = into.Receive(id, kind)) await content.CopyToAsync(file, cancellation);
            await into.KeepAsync(id, kind, cancellation);
        });
        return true;
    }
}

/// <param name="Files">Of reports.</param>
/// <param name="Uploads">Files of imports: uploads, lists of faults and notes.</param>
public sealed record CopiedData(IReadOnlyList<CopiedTable> Tables, int Files, int Uploads);
