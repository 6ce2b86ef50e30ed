using CreditUsage.Core.Tables;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using CreditUsage.Platform.Uploads;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>The upload form and the history of imports, latest first.</summary>
[IgnoreAntiforgeryToken] // FileForm checks the token itself, before it reads the file.
[RequestSizeLimit(ImportLimits.MaxRequestBytes)]
public sealed class IndexModel(CreditUsageDb db, FileForm form, ReceiveImport receive, IAuthorizationService authorization) : PageModel
{
    private const int Rows = 50;

    public IReadOnlyList<UsageImport> Imports { get; private set; } = [];

    public int Number { get; private set; } = 1;

    public bool HasOlder { get; private set; }

    public bool MayChange { get; private set; }

    public string? Problem { get; private set; }

    public Task<IActionResult> OnGetAsync([FromQuery(Name = "page")] int? number, CancellationToken cancellation) => ShowAsync(number ?? 1, cancellation);

    /// <summary>Has no parameters: binding any would read the form, and the file with it.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        if (!await MayAsync()) return Forbid();
        var id = Guid.Empty;
        if (await form.ReadAsync(HttpContext, new ImportLimits().TooLarge, async sent => id = await receive.RunAsync(sent, HttpContext.RequestAborted)) is not { } refusal)
            return this.SeeOther($"/imports/{id}");
        (Response.StatusCode, Problem) = (refusal.Status, refusal.Problem);
        return await ShowAsync(1, HttpContext.RequestAborted);
    }

    private async Task<IActionResult> ShowAsync(int number, CancellationToken cancellation)
    {
        if (number < 1 || number > int.MaxValue / Rows || !ModelState.IsValid) return NotFound();
        MayChange = await MayAsync();
        Number = number;
        var found = await db.UsageImports.AsNoTracking().OrderByDescending(import => import.UploadedAt).ThenByDescending(import => import.Id).Skip((number - 1) * Rows).Take(Rows + 1).ToListAsync(cancellation);
        if (found.Count == 0 && number > 1) return NotFound();
        (Imports, HasOlder) = ([.. found.Take(Rows)], found.Count > Rows);
        return Page();
    }

    private async Task<bool> MayAsync() => (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded;
}
