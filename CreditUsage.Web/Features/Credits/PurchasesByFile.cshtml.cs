using CreditUsage.Core.Lists;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace CreditUsage.Features.Credits;

[Authorize(Policy = Roles.MayChange)]
public sealed class PurchasesByFileModel(PurchaseListKind list, ListFiles files) : ListFileModel<LedgerDraft>(list, files)
{
    protected override string Back => "/credits";

    protected override Task<IActionResult> StoredAsync(ListCheck<LedgerDraft> check, CancellationToken cancellation)
    {
        Done = Recorded(check, "recorded");
        return Task.FromResult<IActionResult>(Redirect("~" + Back));
    }
}
