using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Privacy;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Anonymise;

/// <summary>Which client, what would become of it, and the record of those before. Auditors read the record.</summary>
[Authorize(Roles.MayAudit), PostsNeed(Roles.MayAdminister), PasswordAgain("Anonymise")]
public sealed class IndexModel(CreditUsageDb db, IServiceProvider services) : PageModel
{
    private const int MostListed = 200;

    /// <summary>The client's own id, typed or of the row in the address.</summary>
    public string Client { get; private set; } = "";

    [BindProperty]
    public string? Reference { get; set; }

    [BindProperty]
    public string? Word { get; set; }

    internal ClientTraces? Traces { get; private set; }

    public IReadOnlyList<Anonymisation> Done { get; private set; } = [];

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    /// <param name="client">The row of one of the client's names: an address that browsers keep has no id.</param>
    public async Task OnGetAsync(int? client, CancellationToken cancellation)
    {
        if (client is { } row) Client = await db.Clients.Where(known => known.Id == row).Select(known => known.ClientId).SingleOrDefaultAsync(cancellation) ?? "";
        await ListAsync(cancellation);
    }

    /// <summary>What would change.</summary>
    public async Task<IActionResult> OnPostAsync(string? client, CancellationToken cancellation)
    {
        Client = client?.Trim() ?? "";
        await TraceAsync(cancellation);
        if (Traces is null) Faults = [new("client", Client.Length == 0 ? "Enter the client's id." : ClientPseudonym.IsOne(Client) ? "This client is anonymised already." : "No client has this id.")];
        return await ShowAsync(cancellation);
    }

    public async Task<IActionResult> OnPostAnonymiseAsync(string? client, CancellationToken cancellation)
    {
        Client = client?.Trim() ?? "";
        var (id, faults) = await services.GetRequiredService<AskForAnonymisation>().RunAsync(Client, Reference, Word, cancellation);
        if (id is { } asked) return this.SeeOther($"/anonymise/{asked}");
        Faults = faults;
        await TraceAsync(cancellation);
        return await ShowAsync(cancellation);
    }

    private async Task TraceAsync(CancellationToken cancellation) => Traces = await services.GetRequiredService<PreviewAnonymisation>().RunAsync(Client, cancellation);

    private async Task<IActionResult> ShowAsync(CancellationToken cancellation)
    {
        if (Faults.Count > 0) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        await ListAsync(cancellation);
        return Page();
    }

    private async Task ListAsync(CancellationToken cancellation) =>
        Done = await db.Anonymisations.AsNoTracking().OrderByDescending(one => one.RequestedAt).Take(MostListed).ToListAsync(cancellation);
}
