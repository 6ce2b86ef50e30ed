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

    public Problem? Problem { get; private set; }

    public string? Done { get; private set; }

    /// <summary>The address of the page about a long month that is being closed in the background.</summary>
    public string? BeingClosed { get; private set; }

    /// <summary>Earliest first.</summary>
    public IEnumerable<MonthLine> Closable => Months.Where(month => !month.State.IsClosed && !month.State.InProgress).Reverse();

    public async Task OnGetAsync(CancellationToken cancellation) => Months = await query.AllAsync(cancellation);

    /// <summary>Closes month after month; where one cannot be closed, those before it stay closed.</summary>
    public async Task<IActionResult> OnPostAsync(string? upTo, string? note, CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded) return Forbid();
        await OnGetAsync(cancellation);
        if (!UsageMonth.TryParse(upTo, out var last) || Closable.All(month => month.Month != last)) return Refused("Choose the last month to close.");
        if (!MonthNote.TryRead(note, out var because, out var fault)) return Refused(fault);
        var closed = 0;
        try
        {
            foreach (var month in Closable.Select(month => month.Month).Where(month => month <= last).ToList())
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
        if (closed > 0) Done = closed == 1 ? "One month was closed." : $"{closed} months were closed.";
        await OnGetAsync(cancellation);
        return Page();
    }

    private PageResult Refused(string problem)
    {
        (Response.StatusCode, Problem) = (StatusCodes.Status422UnprocessableEntity, new Problem("upTo", problem));
        return Page();
    }
}
