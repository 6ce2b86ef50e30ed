using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Core.Ledger;
using CreditUsage.Domain.Credits;

namespace CreditUsage.Features.Home;

internal static class HomeLabels
{
    /// <summary>"13% less than usual by the 23rd (£1,377.12)".</summary>
    public static string SoFar(HomeOverview home)
    {
        var normal = home.Normal;
        if (normal is null) return "No complete month to compare with yet.";
        var (number, usual, shown) = home.SoFar.CostPence is { } cost && normal.CostPence is { } pence ? (cost, pence, Display.Pounds(pence)) : (home.SoFar.Credits, normal.Credits, Credits(normal.Credits));
        return ComparedWith(number, usual) switch
        {
            null => $"Usual by the {Ordinal(home.Today.Day)}: {shown}",
            ['t', ..] => $"The same as usual by the {Ordinal(home.Today.Day)} ({shown})",
            ['a', ..] => $"About as usual by the {Ordinal(home.Today.Day)} ({shown})",
            var less => $"{less} than usual by the {Ordinal(home.Today.Day)} ({shown})",
        };
    }

    /// <summary>"13% less", "about the same", "the same"; null where there is nothing to compare with.</summary>
    public static string? ComparedWith(long figure, long? normal)
    {
        if (normal is not > 0) return null;
        var percent = NormalMonth.Rounded((figure - normal.Value) * 100, normal.Value);
        if (figure == normal) return "the same";
        return percent == 0 ? "about the same" : string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(percent):N0}% {(percent < 0 ? "less" : "more")}");
    }

    /// <summary>"£90.45 more than September 2026 (5%)".</summary>
    public static string Compared(MonthSum month, MonthSum with, string name)
    {
        if (month.CostPence is not { } cost || with.CostPence is not { } other)
            return Compared(month.Credits - with.Credits, Credits(Math.Abs(month.Credits - with.Credits)), ComparedWith(month.Credits, with.Credits), name);
        return Compared(cost - other, Display.Pounds(Math.Abs(cost - other)), ComparedWith(cost, other), name);
    }

    public static string Ordinal(int day) => day.ToString(CultureInfo.InvariantCulture) + (day % 100 is >= 11 and <= 13 ? "th" : (day % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" });

    public static string RunsOut(CreditForecast forecast)
    {
        if (forecast is not { RunsOutOn: { } day, OrderBy: { } orderBy, DaysLeft: { } left }) return "Enough for two years.";
        if (left == 0) return "Run out today. Order now.";
        return $"Run out on {Display.Day(day)}. {(orderBy < forecast.Today ? "Order now" : orderBy == forecast.Today ? "Order today" : $"Order by {Display.Day(orderBy)}")}.";
    }

    public static string Basis(CreditStatus credits) => string.Join(" ", new[]
    {
        $"Counted day by day: {Schedules(credits.Running.Count)}connected sessions as on the same weekday on average over the last {SessionPace.MaxWeeks} weeks. An order takes {CreditForecast.LeadDays} days.",
        credits.OutsideSchedules ? "Daily top-ups came in last week that no schedule here asks for. They are not counted: if they go on, credits run out sooner." : null,
    }.OfType<string>());

    private static string Compared(long difference, string amount, string? percent, string name) => difference == 0 ? $"The same as {name}"
        : $"{amount} {(difference > 0 ? "more" : "less")} than {name}{(percent is null or "about the same" ? "" : $" ({percent.Split(' ')[0]})")}";

    private static string Schedules(int count) => count switch
    {
        0 => "",
        1 => "1 schedule to its last day, and ",
        _ => $"{Display.Number(count)} schedules to their last days, and ",
    };

    private static string Credits(long credits) => Display.Count(credits, "credit", "credits");
}
