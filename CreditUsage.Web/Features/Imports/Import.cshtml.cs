using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Htmx;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>One import in any state; htmx gets its state alone.</summary>
public sealed class ImportModel(CreditUsageDb db, ImportFiles files, DecideImport decide, IAuthorizationService authorization) : PageModel
{
    public ImportView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellation)
    {
        Response.Headers.Append("Vary", HtmxRequestHeaders.Keys.Request);
        if (await db.UsageImports.AsNoTracking().SingleOrDefaultAsync(import => import.Id == id, cancellation) is not { } import) return NotFound();
        View = new ImportView(import, await EarlierAsync(import, cancellation), await FaultsAsync(import, cancellation), await files.NotesAsync(id, cancellation), await MayAsync()) { Preview = import.State is UsageImportState.Checked ? await files.PreviewAsync(id, cancellation) : null };
        SeenWork.Note(HttpContext, id, ended: !import.IsRunning());
        return Request.IsHtmx() ? Partial("_ImportState", View) : Page();
    }

    public Task<IActionResult> OnPostStoreAsync(Guid id, CancellationToken cancellation) => DecideAsync(id, decide.StoreAsync, cancellation);

    public Task<IActionResult> OnPostLeaveOutAsync(Guid id, CancellationToken cancellation) => DecideAsync(id, (import, token) => decide.LeaveOutDoublesAsync(import, leaveOut: true, token), cancellation);

    public Task<IActionResult> OnPostTakeInAsync(Guid id, CancellationToken cancellation) => DecideAsync(id, (import, token) => decide.LeaveOutDoublesAsync(import, leaveOut: false, token), cancellation);

    public Task<IActionResult> OnPostDiscardAsync(Guid id, CancellationToken cancellation) => DecideAsync(id, decide.DiscardAsync, cancellation);

    private async Task<IActionResult> DecideAsync(Guid id, Func<Guid, CancellationToken, Task> act, CancellationToken cancellation)
    {
        if (!await MayAsync()) return Forbid();
        if (!await db.UsageImports.AnyAsync(import => import.Id == id, cancellation)) return NotFound();
        await act(id, cancellation);
        return LocalRedirect($"~/imports/{id}");
    }

    private Task<UsageImport?> EarlierAsync(UsageImport import, CancellationToken cancellation) =>
        db.UsageImports.AsNoTracking().Where(other => other.Sha256 == import.Sha256 && other.State == UsageImportState.Stored && other.Id != import.Id)
            .OrderBy(other => other.StoredAt).FirstOrDefaultAsync(cancellation);

    private async Task<IReadOnlyList<RowError>> FaultsAsync(UsageImport import, CancellationToken cancellation) =>
        !import.IsRunning() && await files.OpenAsync(import.Id, ImportFileKind.Faults, cancellation) is { } list ? await FaultList.ReadAsync(list, cancellation).Take(ImportFaults.MaxListed).ToListAsync(cancellation) : [];

    private async Task<bool> MayAsync() => (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded;
}

public static class ImportLabels
{
    public static string Label(this UsageImport import)
    {
        ArgumentNullException.ThrowIfNull(import);
        return import.State switch
        {
            UsageImportState.Checking => "Being checked",
            UsageImportState.Checked when import.ErrorCount > 0 => "Has errors",
            UsageImportState.Checked when import.Accepted == 0 => "Nothing new",
            UsageImportState.Checked => "Ready to import",
            UsageImportState.Storing => "Being imported",
            UsageImportState.Stored => "Imported",
            UsageImportState.Refused => "Refused",
            UsageImportState.Discarded => "Discarded",
            UsageImportState.NeedsColumns => "Needs your columns",
            UsageImportState.Reversing => "Being reversed",
            UsageImportState.Reversed => "Reversed",
            _ => throw new InvalidOperationException($"There is no import in the state {import.State}."),
        };
    }

    /// <summary>Whether a person may still say how its columns are read.</summary>
    public static bool AwaitsDecision(this UsageImport import) => import is { State: UsageImportState.Checked or UsageImportState.NeedsColumns };

    public static bool IsRunning(this UsageImport import) => import is { State: UsageImportState.Checking or UsageImportState.Storing or UsageImportState.Reversing };
}

/// <param name="Earlier">The import that stored the very same file, if any.</param>
/// <param name="Faults">The first ones; <see cref="UsageImport.ErrorCount"/> counts all.</param>
public sealed record ImportView(UsageImport Import, UsageImport? Earlier, IReadOnlyList<RowError> Faults, IReadOnlyList<string> Notes, bool MayChange)
{
    /// <summary>Null of a file that is not waiting for a decision.</summary>
    public ImportPreview? Preview { get; init; }

    /// <summary>The column of a fault as the file names it.</summary>
    public string ColumnOf(string field) => Import.Mapping?.Heads.GetValueOrDefault(field) ?? field;

    public bool CanStore => MayChange && Import is { State: UsageImportState.Checked, ErrorCount: 0, Accepted: > 0 } && Earlier is null;

    public bool CanDiscard => MayChange && Import.State is UsageImportState.Checked or UsageImportState.NeedsColumns;

    public bool CanMap => MayChange && Import.AwaitsDecision();

    public string Title => Import.State == UsageImportState.Refused || Import is { State: UsageImportState.Checked, ErrorCount: > 0 } ? $"Error: Import {Import.FileName}" : $"Import {Import.FileName}";

    /// <summary>Announced to screen readers when it changes.</summary>
    public string Status => Import.IsRunning() ? "" : Import.Label();
}
