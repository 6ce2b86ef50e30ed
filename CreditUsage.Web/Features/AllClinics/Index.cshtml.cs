using System.Security.Claims;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.AllClinics;

/// <summary>All clinics of the person who is signed in, and the way from one to another.</summary>
[OfNoClinic]
public sealed class IndexModel(AllClinicsQuery query, SwitchClinic switchClinic) : PageModel
{
    public ClinicList Clinics { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken cancellation) => Clinics = await query.RunAsync(User.FindFirstValue(ClaimTypes.NameIdentifier)!, cancellation);

    /// <param name="month">Whose report is opened, as in 2026-10; Home without one.</param>
    public async Task<IActionResult> OnPostEnterAsync(int clinic, string? month, CancellationToken cancellation)
    {
        if (!await switchClinic.RunAsync(User, clinic, cancellation)) return NotFound();
        return LocalRedirect(UsageMonth.TryParse(month, out var asked) ? "~" + MonthAddress.Report(asked) : "~/dashboard");
    }
}
