using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Privacy;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Anonymise;

/// <summary>Removes the files that editions have replaced, and what the database's own file still has of the names. Done again until nothing was in the way.</summary>
internal sealed class EraseReplaced(CreditUsageDb db, ReportFiles files, ImportsWithNames imports, TimeProvider clock)
{
    /// <returns>False where another program or a long read was in the way.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var left = await db.Anonymisations.AsNoTracking().Where(one => one.State == AnonymisationState.Done && one.ErasedAt == null).ToListAsync(cancellation);
        if (left.Count == 0) return true;
        foreach (var one in left)
        {
            foreach (var file in await db.ReplacedFiles.AsNoTracking().Where(file => file.AnonymisationId == one.Id).ToListAsync(cancellation))
                if (!await IsNamedAsync(file, cancellation)) await files.RemoveAsync(file.Sha256, cancellation, file.Extension);
            await imports.RemoveAsync(one.ImportFiles, cancellation);
        }
        if (!await EraseAsync(cancellation)) return false;
        var (ids, now) = (left.ConvertAll(one => one.Id), clock.GetUtcNow());
        await db.Anonymisations.Where(one => ids.Contains(one.Id)).ExecuteUpdateAsync(set => set.SetProperty(one => one.ErasedAt, now).SetProperty(one => one.ImportFiles, (string?)null), cancellation);
        return true;
    }

    private async Task<bool> IsNamedAsync(ReplacedFile file, CancellationToken cancellation) => file.Extension == MonthClosing.RowsExtension
        ? await db.MonthClosings.OfEverySubscription().AnyAsync(closing => closing.RowsSha256 == file.Sha256, cancellation)
        : await db.SavedReports.OfEverySubscription().AnyAsync(report => report.Sha256 == file.Sha256 && report.RemovedAt == null, cancellation);

    private async Task<bool> EraseAsync(CancellationToken cancellation)
    {
        try
        {
            return await db.EraseDeletedAsync(cancellation);
        }
        catch (Exception problem) when (DatabaseFailure.IsUnavailable(problem) || DatabaseFailure.IsBusy(problem))
        {
            return false;
        }
    }
}
