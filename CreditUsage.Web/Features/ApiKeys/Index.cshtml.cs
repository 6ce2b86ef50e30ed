using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Api;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.ApiKeys;

/// <summary>Creating and revoking a key require the password again. Auditors only read the list.</summary>
[Authorize(Roles.MayAudit), PostsNeed(Roles.MayAdminister)]
public sealed class IndexModel(CreditUsageDb db, CreateApiKey create, RevokeApiKey revoke, ConfirmPassword password, TimeProvider clock) : PageModel
{
    private static readonly Problem WrongPassword = new("Password", "That is not your password, or your account is locked. Ten wrong passwords lock it until 00:00 GMT.");

    public ApiKeyInput Input { get; private set; } = new();

    public IReadOnlyList<ApiKey> Keys { get; private set; } = [];

    public ApiKey? ToRevoke { get; private set; }

    /// <summary>The new key, shown this once.</summary>
    public ApiKeySecret? Made { get; private set; }

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public DateOnly Today => create.Today;

    public DateTimeOffset Now => clock.GetUtcNow();

    public Problem? FaultOf(string field) => Faults.FirstOrDefault(fault => fault.Field == field);

    public async Task<IActionResult> OnGetAsync(int? revoke, CancellationToken cancellation) => revoke is null ? await ShowAsync(cancellation) : await ConfirmRevokeAsync(revoke.Value, cancellation);

    public async Task<IActionResult> OnPostCreateAsync(ApiKeyInput input, CancellationToken cancellation)
    {
        Input = input;
        if (await PasswordFaultAsync(input) is { } wrong) Faults = [wrong];
        else (Made, Faults) = await create.RunAsync(input.Name ?? "", input.Scope ?? "", input.LastDay ?? default, cancellation);
        return await ShowAsync(cancellation);
    }

    public async Task<IActionResult> OnPostRevokeAsync(int id, ApiKeyInput input, CancellationToken cancellation)
    {
        if (await PasswordFaultAsync(input) is { } wrong) Faults = [wrong];
        if (Faults.Count > 0) return await ConfirmRevokeAsync(id, cancellation);
        return await revoke.RunAsync(id, cancellation) ? RedirectToPage() : NotFound();
    }

    private async Task<Problem?> PasswordFaultAsync(ApiKeyInput input)
    {
        if (string.IsNullOrEmpty(input.Password)) return new("Password", "Enter your password.");
        return await password.IsRightAsync(User, input.Password) ? null : WrongPassword;
    }

    private async Task<IActionResult> ConfirmRevokeAsync(int id, CancellationToken cancellation)
    {
        ToRevoke = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(key => key.Id == id && key.RevokedAt == null, cancellation);
        return ToRevoke is null ? NotFound() : await ShowAsync(cancellation);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancellation)
    {
        Keys = await db.ApiKeys.AsNoTracking().OrderByDescending(key => key.Id).ToListAsync(cancellation);
        if (Faults.Count > 0) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }
}
