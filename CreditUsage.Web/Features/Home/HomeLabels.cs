using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Core.Ledger;
using CreditUsage.Domain.Credits;

namespace CreditUsage.Features.Home;

internal static class HomeLabels
{
    /// <summary>"£1,204.50 so far; by the 23rd a normal month stands at £1,377.12: 13% less".</summary>
    public static string SoFar(HomeOverview home)
    {
        var normal = home.Normal;
        if (home.SoFar.CostPence is not null && normal is null or { CostPence: not null }) return SoFar(Display.Pounds(home.SoFar.CostPence), home, Display.Pounds(normal?.CostPence), home.SoFar.KnownCostPence, normal?.CostPence);
        return SoFar(Credits(home.SoFar.Credits), home, Credits(normal?.Credits ?? 0), home.SoFar.Credits, normal?.Credits);
    }

    /// <summary>"13% less", "about the same", "the same"; null where there is nothing to compare with.</summary>
    public static string? ComparedWith(long figure, long? normal)
    {
        if (normal is not > 0) return null;
        var percent = NormalMonth.Rounded((figure - normal.Value) * 100, normal.Value);
        if (figure == normal) return "the same";
        return percent == 0 ? "about the same" : string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(percent):N0}% {(percent < 0 ? "less" : "more")}");
    }

    /// <summary>"£90.45 more than September 2026 (5% more)".</summary>
    public static string Compared(MonthSum month, MonthSum with, string name)
    {
        if (month.CostPence is not { } cost || with.CostPence is not { } other)
            return Compared(month.Credits - with.Credits, Credits(Math.Abs(month.Credits - with.Credits)), ComparedWith(month.Credits, with.Credits), name);
        return Compared(cost - other, Display.Pounds(Math.Abs(cost - other)), ComparedWith(cost, other), name);
    }

    public static string Ordinal(int day) => day.ToString(CultureInfo.InvariantCulture) + (day % 100 is >= 11 and <= 13 ? "th" : (day % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" });

    public static string RunsOut(CreditForecast forecast)
    {
        if (forecast is not { RunsOutOn: { } day, OrderBy: { } orderBy, DaysLeft: { } left }) return "Credits do not run out within two years at this pace.";
        if (left == 0) return "Credits run out today. Order now.";
        return $"Credits run out on {Display.Day(day)}, in {Display.Count(left, "day", "days")}. {(orderBy < forecast.Today ? "Order now" : orderBy == forecast.Today ? "Order today" : $"Order by {Display.Day(orderBy)}")}, since an order takes {CreditForecast.LeadDays} days.";
    }

    public static string Basis(CreditStatus credits) => string.Join(" ", new[]
    {
        $"Counted day by day: {Schedules(credits.Running.Count)}connected sessions as on the same weekday on average over the last {SessionPace.MaxWeeks} weeks.",
        credits.OutsideSchedules ? "Daily top-ups came in last week that no schedule here asks for. They are not counted: if they go on, credits run out sooner." : null,
    }.OfType<string>());

    private static string SoFar(string figure, HomeOverview home, string normal, long number, long? normalNumber)
    {
        if (home.Normal is null) return $"{figure} so far; there is no complete month yet to hold it against.";
        var against = ComparedWith(number, normalNumber);
        return $"{figure} so far; by the {Ordinal(home.Today.Day)} a normal month stands at {normal}{(against is null ? "" : $": {against}")}";
    }

    private static string Compared(long difference, string amount, string? percent, string name) => difference == 0 ? $"The same as {name}."
        : $"{amount} {(difference > 0 ? "more" : "less")} than {name}{(percent is null or "about the same" ? "" : $" ({percent.Split(' ')[0]})")}.";

    private static string Schedules(int count) => count switch
    {
        0 => "",
        1 => "1 schedule to its last day, and ",
        _ => $"{Display.Number(count)} schedules to their last days, and ",
    };

    private static string Credits(long credits) => Display.Count(credits, "credit", "credits");
}
