using CreditUsage.Core.Lists;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace CreditUsage.Features.Deliveries;

[Authorize(Policy = Roles.MayChange)]
public sealed class ByFileModel(RecipientListKind list, ListFiles files) : ListFileModel<Recipient>(list, files)
{
    protected override string Back => "/deliveries";

    protected override Task<IActionResult> StoredAsync(ListCheck<Recipient> check, CancellationToken cancellation)
    {
        Done = Recorded(check, "added");
        return Task.FromResult<IActionResult>(Redirect("~" + Back));
    }
}
