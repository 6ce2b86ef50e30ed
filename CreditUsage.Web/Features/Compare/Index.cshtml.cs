using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Auditing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Compare;

public sealed class IndexModel(ReportQuery query, CompareMonths compare, AuditReads reads) : PageModel
{
    /// <summary>Days and weeks are missing, because they have no counterpart in another month.</summary>
    public static readonly IReadOnlyList<UsageGroupBy> Groupings = [UsageGroupBy.Staff, UsageGroupBy.Client, UsageGroupBy.Program, UsageGroupBy.Device, UsageGroupBy.Kind];

    public ComparedMonths? Compared { get; private set; }

    public ReportableMonths Months { get; private set; } = null!;

    public string? Problem { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        Months = await query.MonthsAsync(cancellation);
        var filter = ReportInput.From(Request.Query).Validate(Months, out _, out var faults);
        var with = filter is null ? null : CompareWith.Of(Request.Query["with"], filter.Month);
        Problem = filter is null ? faults[0].Message : with is null ? "Choose the month to compare with." : Months.Refusal(with.Value);
        if (filter is { GroupBy: UsageGroupBy.Day or UsageGroupBy.Week }) Problem ??= "Days and weeks of two months are not the same. Group by staff member, client, program, device or kind.";
        if (Problem is not null)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }
        Compared = await compare.RunAsync(filter! with { GroupBy = filter.GroupBy ?? UsageGroupBy.Staff, SubtotalsOnly = false, NewPages = false }, with!.Value, cancellation);
        reads.Note(AuditAction.View, filter.Month.Name, $"Compared with {with.Value.Name}: {filter.AuditDetails}");
        return Page();
    }
}
