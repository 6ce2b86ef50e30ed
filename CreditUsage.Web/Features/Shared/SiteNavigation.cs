using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Security;

namespace CreditUsage.Features.Shared;

/// <param name="Id">In the cookie that remembers which groups are closed.</param>
public sealed record NavigationGroup(string Id, string Label, IReadOnlyList<NavigationEntry> Entries)
{
    /// <summary>The script writes it: a group is closed without asking the server.</summary>
    public const string Cookie = "CreditUsage.Navigation";

    public bool IsClosed(HttpContext context) => context?.Request.Cookies[Cookie]?.Split('.').Contains(Id) == true;
}

public sealed record NavigationEntry(string Label, string Address, string Icon)
{
    /// <summary>Carries the month of the page over; null where the entry has no month.</summary>
    public Func<UsageMonth, string>? Month { get; init; }

    /// <summary>Whether the page shows nothing without a month in its address.</summary>
    public bool NeedsMonth { get; init; }

    /// <summary>How many things wait there.</summary>
    public Func<FrameState, UsageMonth, int> Waiting { get; init; } = (_, _) => 0;

    /// <summary>What they wait for, after their number: "2 to close".</summary>
    public string WaitsFor { get; init; } = "";

    /// <summary>Whether only Administrators and Auditors may open it.</summary>
    public bool ForAudit { get; init; }

    /// <summary>Whether only those with more than one clinic see it.</summary>
    public bool ForSeveral { get; init; }

    /// <param name="asked">The month of the page that is shown; null where it has none.</param>
    public string Link(UsageMonth? asked, UsageMonth? usual) => Address + ((asked ?? (NeedsMonth ? usual : null)) is { } month ? Month?.Invoke(month) : null);
}

public static class SiteNavigation
{
    private static readonly IReadOnlyList<NavigationGroup> Groups =
    [
        new("administration", "Administration",
        [
            new("Home", "/dashboard", "house"),
            new("Credit Usage Report", "/usage-report", "receipt") { Month = MonthAddress.WholeQuery },
            new("Saved reports", "/saved-reports", "archive"),
            new("All clinics", "/clinics", "buildings") { ForSeveral = true },
        ]),
        new("analyse", "Analyse",
        [
            new("Charts", "/usage-report/pictures", "bar-chart") { Month = MonthAddress.WholeQuery, NeedsMonth = true },
            new("Compare", "/usage-report/compare", "arrow-left-right") { Month = month => MonthAddress.WholeQuery(month) + "&with=previous", NeedsMonth = true },
            new("Savings", "/usage-report/money-found", "piggy-bank") { Month = MonthAddress.Query },
            new("Billback", "/usage-report/billback", "pie-chart") { Month = month => MonthAddress.WholeQuery(month) + "&by=staff", NeedsMonth = true },
        ]),
        new("credits", "Credits",
        [
            new("Balance", "/credits", "wallet2") { Waiting = (frame, _) => frame.Unexplained == 0 ? 0 : 1, WaitsFor = "proof failed" },
            new("Statement", "/credits/statement", "list-columns") { Month = MonthAddress.Query },
            new("Prices", "/credits/prices", "tag") { Waiting = (frame, _) => (frame.HasPrice ? 0 : 1) + frame.MonthsWithheld, WaitsFor = "to set" },
            new("Top-up schedules", "/schedules", "arrow-repeat") { Waiting = (frame, _) => frame.MissingTopUps, WaitsFor = "missing" },
        ]),
        new("month-end", "Month end",
        [
            new("Close months", "/months", "calendar2-check") { Waiting = (frame, current) => frame.MonthsToClose(current), WaitsFor = "to close" },
            new("Corrections", "/corrections", "pencil-square"),
            new("Journals", "/usage-report/accounting", "journal-text") { Month = MonthAddress.Query },
            new("E-mail delivery", "/deliveries", "envelope") { Waiting = (frame, _) => frame.GivenUp + frame.Retried, WaitsFor = "not delivered" },
        ]),
        new("settings", "Settings",
        [
            new("Imports", "/imports", "upload") { Waiting = (frame, _) => frame.ImportsToDecide, WaitsFor = "to decide" },
            new("Alerts and budgets", "/alerts", "bell") { Waiting = (frame, _) => frame.NewAlerts, WaitsFor = "new" },
            new("Clinic", "/clinic", "building") { ForAudit = true },
            new("Letterhead", "/letterhead", "card-heading") { ForAudit = true },
            new("Users", "/users", "people") { ForAudit = true },
            new("API keys", "/api-keys", "key") { ForAudit = true },
            new("Webhooks", "/webhooks", "broadcast") { ForAudit = true },
            new("Audit log", "/audit", "clock-history") { ForAudit = true },
        ]),
    ];

    /// <summary>The groups with the entries that the user may open.</summary>
    public static IEnumerable<NavigationGroup> For(System.Security.Claims.ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var audits = user.IsInRole(Roles.Administrator) || user.IsInRole(Roles.Auditor);
        var several = AppClaims.HasSeveral(user);
        return Groups.Select(group => group with { Entries = [.. group.Entries.Where(entry => (audits || !entry.ForAudit) && (several || !entry.ForSeveral))] });
    }

    /// <summary>The entry that an address belongs to: the one that begins like it, and the longest of them.</summary>
    public static string? Current(PathString path) => Groups.SelectMany(group => group.Entries).Select(entry => entry.Address)
        .Where(address => path.StartsWithSegments(address, StringComparison.OrdinalIgnoreCase)).MaxBy(address => address.Length);

    /// <summary>The month of the page that is shown, from its address; null where there is none, or none that can be reported.</summary>
    public static UsageMonth? AskedMonth(HttpContext context, ReportableMonths months)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(months);
        if (UsageMonth.TryParse(context.GetRouteValue("month") as string, out var named)) return months.Refusal(named) is null ? named : null;
        var (year, month) = RequestedMonth.Fields(context.Request.Query);
        var problems = new List<Core.Problem>();
        var asked = RequestedMonth.Read(year, month, months, problems);
        return problems.Count == 0 ? asked : null;
    }
}
