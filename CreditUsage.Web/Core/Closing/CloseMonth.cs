using CreditUsage.Core.Ledger;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Platform;
using CreditUsage.Platform.Storage;

namespace CreditUsage.Core.Closing;

/// <summary>
/// Closes a month: its rows, totals and PDF are kept with their SHA-256 as the next version, and what comes in for it afterwards goes
/// to the next open month (domain.md rule 8). The PDF is made without holding anybody up; then, with the write lock held, the rows are
/// held against it once more. Killed at any instant, the month is open or it is closed with everything that belongs to it.
/// </summary>
public sealed class CloseMonth(
    CreditUsageDb db, CurrentSubscription current, MonthChecklist checklist, MonthReport report, CreditBalance balance, ReportFiles files, AuditLog audit, TimeProvider clock)
{
    /// <summary>How often usage may come in between the making of the PDF and the lock before closing gives up.</summary>
    private const int Attempts = 5;

    /// <param name="month">Any month.</param>
    /// <param name="note">Why, although something advised is missing on the checklist; null where nothing is.</param>
    /// <exception cref="UserFacingException">The checklist is not met, or the PDF cannot be made; nothing has changed.</exception>
    public Task<MonthClosing> RunAsync(UsageMonth month, string? note, CancellationToken cancellation) => RunAsync(month, note, rowsDone: null, cancellation);

    /// <summary>Whether the month could be closed now.</summary>
    /// <exception cref="UserFacingException">It could not, and why.</exception>
    public async Task CheckAsync(UsageMonth month, string? note, CancellationToken cancellation)
    {
        var items = await checklist.OfAsync(month, cancellation);
        if (items.FirstOrDefault(item => item.Outcome == CheckOutcome.Missing) is { } missing) throw new UserFacingException(missing.Finding);
        if (note is null && items.FirstOrDefault(item => item.Outcome == CheckOutcome.Advised) is { } advised)
            throw new UserFacingException($"{advised.Finding} Put it right, or say why the month is closed all the same.");
    }

    public async Task<MonthClosing> RunAsync(UsageMonth month, string? note, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            await CheckAsync(month, note, cancellation);
            using var made = await report.MakeAsync(month, await NextVersionAsync(month, cancellation), current.Actor, rowsDone, cancellation);
            if (await KeepAsync(made, note, cancellation) is { } closing) return closing;
        }
        throw new UserFacingException($"Usage for {month.Name} keeps coming in, so it was not closed. Try again when it has stopped.");
    }

    /// <summary>Null where the month has changed since it was made.</summary>
    private async Task<MonthClosing?> KeepAsync(GeneratedMonth made, string? note, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await CheckAsync(made.Month, note, cancellation);
        if (made.Version != await NextVersionAsync(made.Month, cancellation) || !await report.StillHoldsAsync(made, cancellation)) return null;
        // The bytes first, the rows after: a row never points at nothing.
        files.Store(made.RowsPath, made.RowsSha256, MonthClosing.RowsExtension);
        files.Store(made.Pdf.Path, made.Pdf.Sha256);
        var closing = await RowAsync(made, note, cancellation);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(
            AuditAction.Close, made.Month.Name,
            $"{new MonthState(made.Version, InProgress: false).Label}: {Display.Count(made.Events, "event", "events")}, {Display.Count(made.Saved.Credits, "credit", "credits")}, {Display.Pounds(made.Saved.CostPence)}; "
            + $"rows {made.RowsSha256}, PDF {made.Pdf.Sha256}, saved report {made.Saved.Number}{(note is null ? "" : $"; although: {note}")}", cancellation);
        await transaction.CommitAsync(cancellation);
        return closing;
    }

    private async Task<int> NextVersionAsync(UsageMonth month, CancellationToken cancellation) => await MonthVersions.LatestAsync(db, month, cancellation) + 1;

    private async Task<MonthClosing> RowAsync(GeneratedMonth made, string? note, CancellationToken cancellation)
    {
        var closed = await db.ClosedMonthsAsync(cancellation);
        var closing = new MonthClosing
        {
            SubscriptionId = made.Saved.SubscriptionId,
            Month = made.Month,
            Version = made.Version,
            ClosedAt = clock.GetUtcNow(),
            ClosedBy = current.Actor,
            Note = note,
            RowsSha256 = made.RowsSha256,
            SavedReportId = made.Saved.Id,
            PdfSha256 = made.Pdf.Sha256,
            Events = made.Events,
            Corrections = made.Corrections,
            Credits = made.Saved.Credits,
            CostPence = made.Saved.CostPence ?? throw new InvalidOperationException("A month with withheld money cannot be closed."),
            OpeningCredits = await balance.BeforeAsync(closed, made.Month, cancellation),
            ClosingCredits = await balance.BeforeAsync(closed, made.Month.Next, cancellation),
        };
        db.AddRange(made.Saved, closing);
        return closing;
    }
}
