using CreditUsage.Core;
using CreditUsage.Core.Lists;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace CreditUsage.Features.Schedules;

[Authorize(Policy = Roles.MayChange)]
public sealed class ByFileModel(ScheduleListKind list, ChargeTopUps charge, ListFiles files) : ListFileModel<ScheduleTerms>(list, files)
{
    protected override string Back => "/schedules";

    protected override async Task<IActionResult> StoredAsync(ListCheck<ScheduleTerms> check, CancellationToken cancellation)
    {
        var charged = await charge.RunAsync(cancellation);
        Done = $"{Recorded(check, "added")} {Display.Count(charged, "past day was", "past days were")} charged.";
        return Redirect("~" + Back);
    }
}
