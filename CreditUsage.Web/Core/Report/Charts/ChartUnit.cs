namespace CreditUsage.Core.Report.Charts;

/// <summary>What the charts measure: unit= in their address.</summary>
public enum ChartUnit
{
    Pounds,
    Credits,
}

public static class ChartUnits
{
    public static IReadOnlyList<ChartUnit> All { get; } = Enum.GetValues<ChartUnit>();

    public static string Word(this ChartUnit unit) => unit.ToString().ToLowerInvariant();

    /// <summary>Pounds where nothing is chosen; null for an unknown word.</summary>
    public static ChartUnit? Of(string? word) => string.IsNullOrEmpty(word) ? ChartUnit.Pounds : All.Where(unit => unit.Word() == word).Select(unit => (ChartUnit?)unit).FirstOrDefault();

    public static string Title(this ChartUnit unit) => unit == ChartUnit.Pounds ? "Cost" : "Credits";

    public static string Heading(this ChartUnit unit) => unit == ChartUnit.Pounds ? "Cost (GBP)" : "Credits";

    /// <summary>Pence, without what has no price yet, or credits.</summary>
    internal static long Value(this ChartUnit unit, UsageTotal total) => unit == ChartUnit.Pounds ? total.KnownCostPence : total.Credits;

    internal static string Text(this ChartUnit unit, UsageTotal total) => unit == ChartUnit.Pounds ? Display.Pounds(total.CostPence) : Display.Number(total.Credits);

    internal static KindParts Parts(this ChartUnit unit, UsageTotal sessions, UsageTotal topUps) => new(unit.Value(sessions), unit.Value(topUps), unit.Text(sessions), unit.Text(topUps));

    /// <summary>"£1,500", or "£0.50" where the steps are less than a pound.</summary>
    public static string Tick(this ChartUnit unit, long value, ChartScale scale)
    {
        ArgumentNullException.ThrowIfNull(scale);
        return unit == ChartUnit.Credits ? Display.Number(value) : scale.Step % 100 == 0 ? $"£{Display.Number(value / 100)}" : Display.Pounds(value);
    }
}
