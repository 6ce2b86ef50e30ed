using CreditUsage.Domain.Usage;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Imports;

/// <summary>The columns that are remembered for files of the clinic's own, to be looked at and removed.</summary>
public sealed class MappingsModel(ImportMappings mappings, IAuthorizationService authorization) : PageModel
{
    public IReadOnlyList<ImportMapping> Mappings { get; private set; } = [];

    public bool MayChange { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellation) => (MayChange, Mappings) = (await MayAsync(), await mappings.AllAsync(cancellation));

    public async Task<IActionResult> OnPostRemoveAsync(int mapping, CancellationToken cancellation) =>
        !await MayAsync() ? Forbid() : await mappings.RemoveAsync(mapping, cancellation) ? this.SeeOther("/imports/mappings") : NotFound();

    private async Task<bool> MayAsync() => (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded;
}
