using CreditUsage.Core;
using CreditUsage.Core.Integrity;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Privacy;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Anonymise;

/// <summary>
/// Replaces names by codes, in the database and in the kept files, in one instant: the editions are made first, without a lock, and one short write puts everything in its place
/// (docs/decisions/0033). Figures do not change.
/// </summary>
internal sealed class AnonymiseClients(CreditUsageDb db, MakeEditions makeEditions, ImportsWithNames imports, MayAnonymise may, AuditLog audit, AnchorAudit anchorAudit, TimeProvider clock)
{
    /// <param name="progress">Is told how many kept files have been looked through, of how many.</param>
    /// <returns>False where a report was saved, a month closed or a client recorded meanwhile: then nothing has changed, and it is to be done again.</returns>
    public async Task<bool> RunAsync(Anonymisation asked, Func<int, int, Task> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(progress);
        var kept = await KeptFiles.ReadAsync(db, cancellation);
        var who = await WhoseNames.ReadAsync(db, asked, cancellation);
        var editions = await makeEditions.RunAsync(who, kept, progress, cancellation);
        var naming = await imports.FindAsync(who.Names.Text, cancellation);
        var events = await who.Events(who.Month is { } only ? db.UsageEvents.Where(usage => usage.ReportMonth == only) : db.UsageEvents).CountAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.Anonymisations.SingleOrDefaultAsync(row => row.Id == asked.Id && row.State == AnonymisationState.Running, cancellation) is not { } row) return true;
        if (!kept.IsSame(await KeptFiles.ReadAsync(db, cancellation)) || !await who.HoldsAsync(db, asked.ClientId, cancellation)) return false;
        await may.ThrowIfNotAsync(asked.ClientId, cancellation);
        await new ReplaceNames(db, who, cancellation).RunAsync();
        foreach (var pdf in editions.Pdfs) await ReplaceAsync(asked, pdf, editions.At, cancellation);
        foreach (var rows in editions.Rows) await ReplaceAsync(asked, rows, editions.At, cancellation);
        (row.State, row.ClientId, row.EndedAt, row.ImportFiles) = (AnonymisationState.Done, null, clock.GetUtcNow(), who.Month is null ? naming : null);
        (row.Events, row.Months, row.Reports, row.Withdrawn) = (events, editions.Rows.Count, editions.Pdfs.Count(pdf => pdf.Sha256 is not null), editions.Pdfs.Count(pdf => pdf.Sha256 is null));
        row.FilesDone = row.Files;
        await db.SaveChangesAsync(cancellation);
        await AuditAsync(row, editions, cancellation);
        await transaction.CommitAsync(cancellation);
        await anchorAudit.RunAsync(CancellationToken.None);
        return true;
    }

    private async Task ReplaceAsync(Anonymisation asked, PdfEdition edition, DateTimeOffset at, CancellationToken cancellation)
    {
        var own = db.SavedReports.Where(report => report.Id == edition.Report.Id);
        if (edition.Sha256 is null) await own.ExecuteUpdateAsync(set => set.SetProperty(report => report.RemovedAt, at).SetProperty(report => report.AnonymisedAt, at), cancellation);
        else
        {
            await own.ExecuteUpdateAsync(set => set.SetProperty(report => report.Sha256, edition.Sha256).SetProperty(report => report.ContentSha256, edition.ContentSha256).SetProperty(report => report.MadeWith, edition.MadeWith)
                .SetProperty(report => report.Pages, edition.Pages).SetProperty(report => report.SizeBytes, edition.SizeBytes).SetProperty(report => report.AnonymisedAt, at).SetProperty(report => report.ReplacesSha256, edition.Report.Sha256), cancellation);
            await db.MonthClosings.Where(closing => closing.SavedReportId == edition.Report.Id).ExecuteUpdateAsync(set => set.SetProperty(closing => closing.PdfSha256, edition.Sha256), cancellation);
        }
        db.Add(Replaced(asked, edition.Report.Id, edition.Report.Sha256, ReportFiles.Pdf, edition.Sha256, at));
    }

    private async Task ReplaceAsync(Anonymisation asked, RowsEdition edition, DateTimeOffset at, CancellationToken cancellation)
    {
        var replaced = edition.Closing.RowsSha256;
        await db.MonthClosings.Where(closing => closing.Id == edition.Closing.Id).ExecuteUpdateAsync(
            set => set.SetProperty(closing => closing.RowsSha256, edition.Sha256).SetProperty(closing => closing.AnonymisedAt, at).SetProperty(closing => closing.ReplacesSha256, replaced), cancellation);
        db.Add(Replaced(asked, null, replaced, MonthClosing.RowsExtension, edition.Sha256, at));
    }

    private static ReplacedFile Replaced(Anonymisation asked, Guid? report, string sha256, string extension, string? by, DateTimeOffset at) => new()
    {
        SubscriptionId = asked.SubscriptionId,
        AnonymisationId = asked.Id,
        SavedReportId = report,
        Sha256 = sha256,
        Extension = extension,
        ReplacedBySha256 = by,
        ReplacedAt = at,
    };

    /// <summary>An entry for each closing names the hashes that hold from now on, as its own entry did, and those that they replace.</summary>
    private async Task AuditAsync(Anonymisation done, Editions editions, CancellationToken cancellation)
    {
        await audit.AddAsync(AuditAction.Anonymise, done.Month?.Name ?? "Client", $"{(done.Code is { } code ? ClientPseudonym.NameOf(code) : "Every client")}, by \"{done.Reference}\": {done.CountsLabel()}", cancellation);
        var (rowsOf, pdfsOf) = (editions.Rows.Select(rows => rows.Closing.Id).ToList(), editions.Pdfs.Where(pdf => pdf.Sha256 is not null).Select(pdf => pdf.Report.Id).ToList());
        foreach (var closing in await db.MonthClosings.AsNoTracking().Where(closing => rowsOf.Contains(closing.Id) || pdfsOf.Contains(closing.SavedReportId)).OrderBy(closing => closing.Month).ThenBy(closing => closing.Version).ToListAsync(cancellation))
        {
            var former = string.Join(", ", editions.Rows.Where(rows => rows.Closing.Id == closing.Id).Select(rows => $"rows {rows.Closing.RowsSha256}").Concat(editions.Pdfs.Where(pdf => pdf.Sha256 == closing.PdfSha256).Select(pdf => $"PDF {pdf.Report.Sha256}")));
            await audit.AddAsync(AuditAction.Anonymise, closing.Month.Name, $"Anonymised edition of version {closing.Version}: rows {closing.RowsSha256}, PDF {closing.PdfSha256}; in the place of {former}", cancellation);
        }
    }
}

internal static class AnonymisationLabels
{
    public static string Label(this Anonymisation one) => one.State switch { AnonymisationState.Running => "Being anonymised", AnonymisationState.Done => "Anonymised", _ => "Not anonymised" };

    /// <summary>"Anonymised 7F3K", "Every client of October 2019".</summary>
    public static string Whose(this Anonymisation one) => one.Code is { } code ? ClientPseudonym.NameOf(code) : $"Every client of {one.Month!.Value.Name}";

    public static string CountsLabel(this Anonymisation one) =>
        $"{Display.Count(one.Events, "event", "events")}, {Display.Count(one.Months, "kept month", "kept months")} and {Display.Count(one.Reports, "saved report", "saved reports")} made again{(one.Withdrawn == 0 ? "" : $", {Display.Number(one.Withdrawn)} withdrawn")}";
}
