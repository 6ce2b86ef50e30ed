using CreditUsage.Core;
using CreditUsage.Core.Closing;
using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Shared;
using CreditUsage.Platform;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Months;

/// <summary>One month: its checklist, closing and reopening, its versions and late changes.</summary>
public sealed class MonthModel(CreditUsageDb db, MonthsQuery query, ReportQuery reports, MonthChecklist checklist, RequestClosing requestClosing, ReopenMonth reopenMonth, IAuthorizationService authorization) : PageModel
{
    public MonthLine Line { get; private set; } = null!;

    public IReadOnlyList<CheckItem> Checklist { get; private set; } = [];

    public IReadOnlyList<MonthClosing> Versions { get; private set; } = [];

    public IReadOnlyList<LateChange> Late { get; private set; } = [];

    /// <summary>How a closed month differs from what was kept of it; null where nothing does.</summary>
    public string? Difference { get; private set; }

    public Problem? Problem { get; private set; }

    public string? Typed { get; private set; }

    /// <summary>The address of the page about its closing in the background; null where it is not being closed.</summary>
    public string? BeingClosed { get; private set; }

    /// <summary>Whether the version in force was mailed to somebody.</summary>
    public bool WasSent { get; private set; }

    /// <summary>The only month that can be reopened.</summary>
    public UsageMonth? LatestClosed { get; private set; }

    public async Task<IActionResult> OnGetAsync(string month, CancellationToken cancellation) => await LoadAsync(month, cancellation) ? Page() : NotFound();

    public Task<IActionResult> OnPostCloseAsync(string month, string? note, CancellationToken cancellation) =>
        ChangeAsync(month, note, Roles.MayChange, async (found, because) => BeingClosed = await requestClosing.RunAsync(found, because, cancellation), cancellation);

    public Task<IActionResult> OnPostReopenAsync(string month, string? reason, CancellationToken cancellation) =>
        ChangeAsync(month, reason, Roles.MayAdminister, (found, because) => reopenMonth.RunAsync(found, because, cancellation), cancellation);

    private async Task<IActionResult> ChangeAsync(string month, string? typed, string policy, Func<UsageMonth, string?, Task> change, CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, policy)).Succeeded) return Forbid();
        if (!await LoadAsync(month, cancellation)) return NotFound();
        if (!MonthNote.TryRead(typed, out var because, out var fault)) return Refused(fault, typed);
        try
        {
            await change(Line.Month, because);
            return BeingClosed is { } address ? this.SeeOther(address) : RedirectToPage(new { month });
        }
        catch (UserFacingException problem)
        {
            await LoadAsync(month, cancellation);
            Refused(problem.Message, typed);
            if (problem is TooManyReportsException tooMany) this.TryLater(tooMany);
            return Page();
        }
    }

    private async Task<bool> LoadAsync(string text, CancellationToken cancellation)
    {
        if (!UsageMonth.TryParse(text, out var month) || await query.FindAsync(month, cancellation) is not { } facts) return false;
        Line = facts.Line;
        Versions = facts.Calendar.VersionsOf(month);
        LatestClosed = facts.Calendar.Closed.Latest;
        BeingClosed = await requestClosing.UnderWayAsync(month, cancellation);
        if (Line.State.IsClosed) Difference = await reports.DifferenceAsync(month, cancellation);
        if (Line.State.IsClosed) WasSent = await db.Deliveries.AnyAsync(delivery => delivery.SavedReportId == null && delivery.Month == month && delivery.Version == Versions[0].Version, cancellation);
        Checklist = Line.State.IsClosed ? [] : await checklist.OfAsync(facts, cancellation);
        if (Versions.Count > 0) Late = await query.ChangedSinceAsync(Versions[^1], cancellation);
        return true;
    }

    private PageResult Refused(string problem, string? typed)
    {
        (Response.StatusCode, Problem, Typed) = (StatusCodes.Status422UnprocessableEntity, new Problem(Line.State.IsClosed ? "reason" : "note", problem), typed);
        return Page();
    }
}

internal static class MonthNote
{
    public static bool TryRead(string? typed, out string? note, out string fault)
    {
        var fine = RecordedName.TryNormalise(typed ?? "", out var text, out var problem);
        (note, fault) = (text.Length == 0 ? null : text, fine ? "" : $"The text {problem}.");
        return fine;
    }
}
