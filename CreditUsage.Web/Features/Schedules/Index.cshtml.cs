using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Schedules;

/// <summary>Devices and their schedules, expiring soonest first; for Administrators the setting that says who charges.</summary>
public sealed class IndexModel(SchedulesQuery query, SetCharging setCharging, ChargeTopUps charge, CreditUsageDb db, IAuthorizationService authorization) : PageModel
{
    public ScheduleList List { get; private set; } = null!;

    /// <summary>Null where top-ups are only imported.</summary>
    public DateOnly? ChargesFrom { get; private set; }

    public bool Here { get; private set; }

    public string From { get; private set; } = "";

    public SavedMeanwhile? Meanwhile { get; private set; }

    public IReadOnlyList<UsageFault> Faults { get; private set; } = [];

    [TempData]
    public string? Done { get; set; }

    public async Task OnGetAsync(bool ended, CancellationToken cancellation)
    {
        await ShowAsync(ended, cancellation);
        (Here, From) = (ChargesFrom is not null, ScheduleLabels.Iso(ChargesFrom));
    }

    public async Task<IActionResult> OnPostAsync(string? charging, string? from, string? version, CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayAdminister)).Succeeded) return Forbid();
        (Here, From) = (charging == "here", from ?? "");
        if (charging is not ("here" or "outside")) return await RefusedAsync("Choose whether to import or charge daily top-ups.", cancellation);
        var day = Here ? ScheduleLabels.ParseDay(From) : null;
        try
        {
            var refusal = Here && day is null ? "Enter the first day to charge here." : await setCharging.RunAsync(day, version, cancellation);
            if (refusal is not null) return await RefusedAsync(refusal, cancellation);
        }
        catch (SavedMeanwhileException problem)
        {
            await RefusedAsync(problem.Message, cancellation);
            Meanwhile = await SavedMeanwhile.ByAuditAsync(db, SetCharging.Subject, [new("Charged here from", SetCharging.Words(ChargesFrom), Here ? From : SetCharging.Words(null))], cancellation);
            Response.StatusCode = StatusCodes.Status409Conflict;
            return Page();
        }
        var charged = await charge.RunAsync(cancellation);
        Done = $"Saved. {Display.Count(charged, "past day was", "past days were")} charged.";
        return Redirect("~/schedules");
    }

    private async Task ShowAsync(bool ended, CancellationToken cancellation)
    {
        List = await query.RunAsync(ended, cancellation);
        ChargesFrom = (await query.SubscriptionAsync(cancellation)).ChargesTopUpsFrom;
    }

    private async Task<PageResult> RefusedAsync(string refusal, CancellationToken cancellation)
    {
        await ShowAsync(ended: false, cancellation);
        Faults = [new UsageFault("from", refusal)];
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }
}

/// <summary>Sets whether daily top-ups are charged here, and from which day on, or only imported.</summary>
public sealed class SetCharging(CreditUsageDb db, AuditLog audit)
{
    /// <summary>Of the setting in the audit.</summary>
    public const string Subject = "Daily top-ups";

    public static string Words(DateOnly? from) => from is null ? "Not charged here" : ScheduleLabels.Iso(from);

    /// <summary>Returns what is wrong with the day; null when set. Earlier charges stay.</summary>
    /// <param name="from">The first day to charge here; null to charge none from now on.</param>
    /// <param name="version">Of the stored day that the form showed.</param>
    /// <exception cref="SavedMeanwhileException">Somebody else has set another day since; nothing has changed.</exception>
    public async Task<string?> RunAsync(DateOnly? from, string? version, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var subscription = await db.Subscriptions.SingleAsync(subscription => subscription.Id == db.RequireSubscriptionId(), cancellation);
        FormVersion.Require(version, Words(subscription.ChargesTopUpsFrom));
        if (from is { } day && Refusal(day, subscription.StartsOn, await db.ClosedMonthsAsync(cancellation)) is { } refusal) return refusal;
        if (subscription.ChargesTopUpsFrom == from) return null;
        subscription.ChargesTopUpsFrom = from;
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, Subject, from is { } first ? $"Charged here from {ScheduleLabels.Day(first)} on" : "No longer charged here; they only come in", cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    private static string? Refusal(DateOnly day, DateOnly startsOn, ClosedMonths closed)
    {
        if (day < startsOn) return $"This is before the subscription's start; write {ScheduleLabels.Day(startsOn)} or a later day.";
        return closed.Latest is { } latest && day < latest.End ? $"{latest.Name} is closed; write {ScheduleLabels.Day(latest.End)} or a later day." : null;
    }
}
