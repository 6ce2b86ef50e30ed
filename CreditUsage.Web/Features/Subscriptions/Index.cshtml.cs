using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Domain;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Subscriptions;

/// <summary>The clinic's name and first day. Auditors only read them.</summary>
[Authorize(Roles.MayAudit), PostsNeed(Roles.MayAdminister)]
public sealed class IndexModel(ChangeSubscription change) : PageModel
{
    private const string Iso = "yyyy-MM-dd";

    public Subscription Stored { get; private set; } = null!;

    public string Name { get; private set; } = "";

    public string Start { get; private set; } = "";

    public string Version => FormVersion.Of(new ShownClinic(Stored.Name, Stored.StartsOn));

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public SavedMeanwhile? Meanwhile { get; private set; }

    [TempData]
    public string? Done { get; set; }

    public string? FaultOf(string field) => Faults.FirstOrDefault(fault => fault.Field == field)?.Message;

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        Stored = await change.FindAsync(cancellation);
        (Name, Start) = (Stored.Name, Stored.StartsOn.ToString(Iso, CultureInfo.InvariantCulture));
    }

    public async Task<IActionResult> OnPostAsync(string? name, string? start, string? version, CancellationToken cancellation)
    {
        var day = DateOnly.TryParseExact(start?.Trim(), [Iso, "dd/MM/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var known) ? known : (DateOnly?)null;
        try
        {
            var fault = day is null ? new Problem("start", "Enter the first day as day, month and year, such as 01/08/2024.") : await change.RunAsync(name ?? "", day, version ?? "", cancellation);
            if (fault is null)
            {
                Done = "Saved.";
                return RedirectToPage();
            }
            (Faults, Response.StatusCode) = ([fault], StatusCodes.Status422UnprocessableEntity);
        }
        catch (SavedMeanwhileException problem)
        {
            (Faults, Response.StatusCode) = ([new("name", problem.Message)], StatusCodes.Status409Conflict);
        }
        await OnGetAsync(cancellation);
        if (Response.StatusCode == StatusCodes.Status409Conflict) Meanwhile = new(null, null, [new("Name", Stored.Name, name), new("First day", Display.Day(Stored.StartsOn), day is { } typed ? Display.Day(typed) : start)]);
        (Name, Start) = (name ?? "", start ?? "");
        return Page();
    }
}
