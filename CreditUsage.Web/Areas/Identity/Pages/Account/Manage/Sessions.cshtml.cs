using System.Linq.Expressions;
using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Areas.Identity.Pages.Account.Manage;

/// <summary>A user's own sessions. What is ended is refused at its next request.</summary>
[PasswordAgain("End", "EndOthers")]
public sealed class SessionsModel(CreditUsageDb db, UserManager<AppUser> users, AuditLog audit, TimeProvider clock) : PageModel
{
    public IReadOnlyList<SignInSession> Sessions { get; private set; } = [];

    /// <summary>The key's hash of the session that asks, which may have been given anew in this request.</summary>
    public string? This { get; private set; }

    [TempData]
    public string? Done { get; set; }

    private string UserId => users.GetUserId(User)!;

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        This = await CurrentSession.KeyHashAsync(HttpContext);
        var (user, now) = (UserId, clock.GetUtcNow());
        Sessions = await db.SignInSessions.AsNoTracking().Where(session => session.UserId == user && session.ExpiresAt > now)
            .OrderByDescending(session => session.KeyHash == This).ThenByDescending(session => session.LastUsedAt).ThenBy(session => session.KeyHash).ToListAsync(cancellation);
    }

    public Task<IActionResult> OnPostEndAsync(string? session, CancellationToken cancellation) => EndAsync(row => row.KeyHash == session, cancellation);

    public async Task<IActionResult> OnPostEndOthersAsync(CancellationToken cancellation)
    {
        This = await CurrentSession.KeyHashAsync(HttpContext);
        return await EndAsync(row => row.KeyHash != This, cancellation);
    }

    private async Task<IActionResult> EndAsync(Expression<Func<SignInSession, bool>> which, CancellationToken cancellation)
    {
        var user = UserId;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var ended = await db.SignInSessions.Where(session => session.UserId == user).Where(which).ExecuteDeleteAsync(cancellation);
        if (ended > 0) await audit.AddAsync(AuditAction.SignOut, User.Identity!.Name!, $"{Display.Count(ended, "other session", "other sessions")} ended", cancellation);
        await transaction.CommitAsync(cancellation);
        Done = ended == 0 ? "That session had already ended." : $"{Display.Count(ended, "session", "sessions")} ended.";
        return RedirectToPage();
    }
}
