using System.Text.Json;
using CreditUsage.Core.Integrity;
using CreditUsage.Core.Ledger;
using CreditUsage.Core.Webhooks;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Webhooks;
using CreditUsage.Platform;
using CreditUsage.Platform.Integrity;
using CreditUsage.Platform.Storage;

namespace CreditUsage.Core.Closing;

/// <summary>
/// Closes a month as its next version: rows, totals and PDF are stored with their SHA-256 (domain.md rule 8). They are generated without a lock; the
/// write lock is held only to prove that the month has not changed. A process killed at any instant leaves the month open, or closed and complete.
/// </summary>
public sealed class CloseMonth(
    CreditUsageDb db, CurrentSubscription current, MonthChecklist checklist, GenerateClosing generate, CreditBalance balance, ReportFiles files, AuditLog audit, AnchorAudit anchorAudit, DataChecks checks, TimeProvider clock)
{
    /// <summary>Usage may arrive between generating and locking this often before closing gives up.</summary>
    private const int MaxAttempts = 5;

    /// <param name="note">Why the month is closed although something recommended is missing; null where nothing is.</param>
    /// <exception cref="UserFacingException">The checklist is not met, or the PDF cannot be generated; nothing has changed.</exception>
    public async Task<MonthClosing> RunAsync(UsageMonth month, string? note, CancellationToken cancellation, IProgress<int>? rowsDone = null)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            // Before the long work, so that a refusal is cheap.
            var facts = await CheckAsync(month, note, cancellation);
            using var generated = await generate.RunAsync(month, NextVersion(facts), current.Actor, rowsDone, cancellation);
            if (await CommitAsync(generated, note, cancellation) is { } closing) return closing;
        }
        throw new UserFacingException($"Usage for {month.Name} keeps arriving, so the month was not closed. Try again later.");
    }

    public async Task<MonthFacts> CheckAsync(UsageMonth month, string? note, CancellationToken cancellation)
    {
        checks.ThrowIfDamaged();
        var facts = await MonthFacts.LoadAsync(db, month, clock.GetUtcNow(), cancellation);
        await CheckAsync(facts, note, cancellation);
        return facts;
    }

    private async Task CheckAsync(MonthFacts facts, string? note, CancellationToken cancellation)
    {
        var items = await checklist.OfAsync(facts, cancellation);
        if (items.FirstOrDefault(item => item.Outcome == CheckOutcome.Missing) is { } missing) throw new UserFacingException(missing.Finding);
        if (note is null && items.FirstOrDefault(item => item.Outcome == CheckOutcome.Advised) is { } advised)
            throw new UserFacingException($"{advised.Finding} Correct it, or enter a note that says why you are closing the month anyway.");
    }

    private static int NextVersion(MonthFacts facts) => facts.Calendar.VersionsOf(facts.Month).Select(closing => closing.Version).FirstOrDefault() + 1;

    /// <summary>Null where the month has changed since it was generated.</summary>
    private async Task<MonthClosing?> CommitAsync(GeneratedClosing generated, string? note, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        // The hash proves the rows, and with them the days and prices of the checklist. Closings, schedules, imports and balance proofs can change without a
        // row of this month, so they alone are read again.
        if (!await generate.IsUnchangedAsync(generated, cancellation)) return null;
        var facts = new MonthFacts(generated.Month, await MonthCalendar.LoadAsync(db, clock.GetUtcNow(), cancellation), generated.Days);
        await CheckAsync(facts, note, cancellation);
        if (generated.Version != NextVersion(facts)) return null;
        // The files first, the rows after: a row never points at a missing file.
        await files.StoreAsync(generated.RowsPath, generated.RowsSha256, MonthClosing.RowsExtension, cancellation);
        await files.StoreAsync(generated.Pdf.Path, generated.Pdf.Sha256, ReportFiles.Pdf, cancellation);
        var closing = await ClosingAsync(generated, facts, note, cancellation);
        db.AddRange(generated.Saved, closing);
        await db.SaveChangesAsync(cancellation);
        await PublishWebhook.AddAsync(db, WebhookEvents.MonthClosed, closing.ClosedAt, json => WriteClosed(json, closing), cancellation);
        await audit.AddAsync(AuditAction.Close, generated.Month.Name, AuditDetails(closing, generated.Saved), cancellation);
        await transaction.CommitAsync(cancellation);
        // The month is closed, whatever happens now.
        await anchorAudit.RunAsync(CancellationToken.None);
        return closing;
    }

    private async Task<MonthClosing> ClosingAsync(GeneratedClosing generated, MonthFacts facts, string? note, CancellationToken cancellation) => new()
    {
        SubscriptionId = generated.Saved.SubscriptionId,
        Month = generated.Month,
        Version = generated.Version,
        ClosedAt = clock.GetUtcNow(),
        ClosedBy = current.Actor,
        Note = note,
        RowsSha256 = generated.RowsSha256,
        SavedReportId = generated.Saved.Id,
        PdfSha256 = generated.Pdf.Sha256,
        Events = facts.Line.Events,
        Corrections = facts.Line.Corrections,
        Credits = generated.Saved.Credits,
        CostPence = generated.Saved.CostPence ?? throw new InvalidOperationException("A month with withheld money cannot be closed."),
        OpeningCredits = await balance.BeforeAsync(facts.Calendar.Closed, generated.Month, cancellation),
        ClosingCredits = await balance.BeforeAsync(facts.Calendar.Closed, generated.Month.Next, cancellation),
    };

    private static void WriteClosed(Utf8JsonWriter json, MonthClosing closing)
    {
        json.WriteString("month", closing.Month.ToString());
        json.WriteNumber("version", closing.Version);
        json.WriteNumber("events", closing.Events);
        json.WriteNumber("corrections", closing.Corrections);
        json.WriteNumber("credits", closing.Credits);
        json.WriteNumber("cost_pence", closing.CostPence);
        json.WriteString("saved_report_id", closing.SavedReportId);
        json.WriteString("pdf_sha256", closing.PdfSha256);
        json.WriteString("rows_sha256", closing.RowsSha256);
    }

    private static string AuditDetails(MonthClosing closing, SavedReport saved) =>
        $"{new MonthState(closing.Version, InProgress: false).Label}: {Display.Count(closing.Events, "event", "events")}, {Display.Count(closing.Credits, "credit", "credits")}, {Display.Pounds(closing.CostPence)}; "
        + $"rows {closing.RowsSha256}, PDF {closing.PdfSha256}, saved report {saved.Number}{(closing.Note is null ? "" : $"; although: {closing.Note}")}";
}
