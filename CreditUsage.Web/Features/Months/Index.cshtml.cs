using CreditUsage.Core;
using CreditUsage.Core.Closing;
using CreditUsage.Core.Jobs;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Shared;
using CreditUsage.Platform;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Months;

/// <summary>Every month with its totals; closes all of them up to one.</summary>
public sealed class IndexModel(MonthsQuery query, RequestClosing askToClose, IAuthorizationService authorization) : PageModel
{
    public IReadOnlyList<MonthLine> Months { get; private set; } = [];

    /// <summary>Which closed months do not add up to what was kept of them; null where all do.</summary>
    public string? Difference { get; private set; }

    public Problem? Problem { get; private set; }

    public string? Done { get; private set; }

    /// <summary>The address of the page about a long month that is being closed in the background.</summary>
    public string? BeingClosed { get; private set; }

    /// <summary>Earliest first.</summary>
    public IEnumerable<MonthLine> Closable => Months.Where(month => !month.State.IsClosed && !month.State.InProgress).Reverse();

    /// <summary>The address of the page about the earliest open months that are being closed already.</summary>
    public string? UnderWay { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        await LoadAsync(cancellation);
        if (Closable.FirstOrDefault() is { } next) UnderWay = await askToClose.UnderWayAsync(next.Month, cancellation);
    }

    /// <summary>Closes month after month; where one cannot be closed, those before it stay closed.</summary>
    public async Task<IActionResult> OnPostAsync(string? upTo, string? note, CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded) return Forbid();
        await LoadAsync(cancellation);
        if (!UsageMonth.TryParse(upTo, out var last) || Closable.All(month => month.Month != last)) return Refused("Choose the last month to close.");
        if (!MonthNote.TryRead(note, out var because, out var fault)) return Refused(fault);
        var wanted = Closable.Select(month => month.Month).Where(month => month <= last).ToList();
        var closed = 0;
        try
        {
            if (wanted.Count >= RequestClosing.BackgroundMonths) return this.SeeOther(await askToClose.SeveralAsync(wanted[0], last, because, cancellation));
            foreach (var month in wanted)
            {
                if ((BeingClosed = await askToClose.RunAsync(month, because, cancellation)) is not null) break;
                closed++;
            }
        }
        catch (UserFacingException problem)
        {
            Refused($"{Closable.ElementAtOrDefault(closed)?.Month.Name}: {problem.Message}");
            if (problem is TooManyReportsException tooMany) this.TryLater(tooMany);
        }
        if (closed > 0) Done = closed == 1 ? "1 month closed." : $"{closed} months closed.";
        await LoadAsync(cancellation);
        return Page();
    }

    private async Task LoadAsync(CancellationToken cancellation) => (Months, _, Difference) = await query.AllAsync(cancellation);

    private PageResult Refused(string problem)
    {
        (Response.StatusCode, Problem) = (StatusCodes.Status422UnprocessableEntity, new Problem("upTo", problem));
        return Page();
    }
}
