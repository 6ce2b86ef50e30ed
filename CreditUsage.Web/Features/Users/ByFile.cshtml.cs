using CreditUsage.Core.Lists;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace CreditUsage.Features.Users;

[Authorize(Policy = Roles.MayAdminister), PasswordAgain("Store")]
public sealed class ByFileModel(InvitationListKind list, InviteUser invite, ListFiles files) : ListFileModel<InviteInput>(list, files)
{
    /// <summary>Their links are shown this once.</summary>
    public IReadOnlyList<Invitation> Invited { get; private set; } = [];

    public string? Summary { get; private set; }

    protected override string Back => "/users";

    protected override async Task<IActionResult> StoredAsync(ListCheck<InviteInput> check, CancellationToken cancellation)
    {
        Invited = await invite.SendLinksAsync(list.Invited, cancellation);
        OnGet();
        Summary = Recorded(check, "invited");
        return Page();
    }
}
