using CreditUsage.Core;
using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Alerts;

public static class AlertLabels
{
    public static bool IsSpend(AlertKind kind) => kind is AlertKind.MonthAbove or AlertKind.StaffMonthAbove or AlertKind.ProgramMonthAbove;

    public static string Choice(AlertKind kind) => kind switch
    {
        AlertKind.BalanceBelow => "The balance falls below a threshold",
        AlertKind.RunsOutWithin => "Credits run out soon",
        AlertKind.MonthAbove => "A month costs more than a budget",
        AlertKind.StaffMonthAbove => "A staff member's month costs more than a budget",
        _ => "A program's month costs more than a budget",
    };

    /// <summary>"Fewer than 500 credits available".</summary>
    public static string Title(AlertRule rule, string? staff)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var title = Subject(rule, rule.Kind == AlertKind.StaffMonthAbove ? staff ?? rule.Of : rule.Of);
        return char.ToUpperInvariant(title[0]) + title[1..];
    }

    /// <summary>The title within a sentence.</summary>
    internal static string Subject(AlertRule rule, string? of) => rule.Kind switch
    {
        AlertKind.BalanceBelow => $"fewer than {Display.Count(rule.Line, "credit", "credits")} available",
        AlertKind.RunsOutWithin => $"credits run out within {Display.Count(rule.Line, "day", "days")}",
        AlertKind.MonthAbove => $"a month above {Display.Pounds(rule.Line)}",
        _ => $"a month of {of} above {Display.Pounds(rule.Line)}",
    };

    /// <summary>Who was told of a firing and who was not, a line each.</summary>
    /// <param name="mailed">Whether mail is set up.</param>
    internal static IReadOnlyList<string> Notices(AlertFiring firing, AlertRule rule, bool mailed)
    {
        if (firing.Notices.Count == 0) return ["No e-mail recipients"];
        var removed = rule.RemovedAt is not null;
        if (firing.Notices.All(notice => notice is { State: AlertNoticeState.Waiting, Attempts: 0 }))
            return [removed ? "Not sent: the alert was removed first" : mailed ? "Not sent yet" : "Not sent: mail is not set up"];
        return [.. firing.Notices.OrderBy(notice => notice.Id).Select(notice => Notice(notice, removed))];
    }

    private static string Notice(AlertNotice notice, bool removed)
    {
        var state = notice.State switch
        {
            AlertNoticeState.Sent => "sent",
            AlertNoticeState.GivenUp => "failed",
            AlertNoticeState.NotKnown => "may not have arrived",
            _ => removed ? "not sent before the alert was removed" : "not sent yet",
        };
        var tries = notice.Attempts > 1 ? $" ({notice.Attempts} tries)" : "";
        return $"{notice.Email}: {state}{(notice.Outcome is { } outcome ? $", {outcome}" : notice.Attempts == 0 ? ", not tried" : "")}{tries}";
    }

    internal static string BalanceMessage(AlertRule rule, long available) =>
        $"{Display.Count(available, "credit is", "credits are")} available, fewer than your threshold of {Display.Number(rule.Line)}.";

    internal static string ForecastMessage(AlertRule rule, CreditForecast forecast) => forecast is not { RunsOutOn: { } day, OrderBy: { } orderBy, DaysLeft: { } left }
        ? "Credits do not run out within two years."
        : $"Credits run out on {Display.Day(day)}, {(left == 0 ? "today" : $"in {Display.Count(left, "day", "days")}")}, within your threshold of {Display.Count(rule.Line, "day", "days")}. {(orderBy < forecast.Today ? "Order now." : $"Order by {Display.Day(orderBy)}.")}";

    internal static string SpendMessage(AlertRule rule, string? staff, UsageMonth month, long pence, bool inProgress)
    {
        var whose = rule.Kind == AlertKind.MonthAbove ? "" : $" of {staff ?? rule.Of}";
        return $"{month.Name}{whose} {(inProgress ? "has cost" : "cost")} {Display.Pounds(pence)}{(inProgress ? " so far" : "")}, more than the budget of {Display.Pounds(rule.Line)}.";
    }
}
