namespace CreditUsage.Features.Corrections;

/// <summary>What an event comes to, or what a correction changes.</summary>
/// <param name="Minutes">0 for a top-up.</param>
/// <param name="CostPence">Null where the money is withheld.</param>
public readonly record struct UsageFigures(int Minutes, int Credits, long? CostPence)
{
    public static UsageFigures Nothing => new(0, 0, 0);

    public static UsageFigures operator +(UsageFigures left, UsageFigures right) => new(left.Minutes + right.Minutes, left.Credits + right.Credits, left.CostPence + right.CostPence);

    public static UsageFigures operator -(UsageFigures left, UsageFigures right) => left + -right;

    public static UsageFigures operator -(UsageFigures figures) => new(-figures.Minutes, -figures.Credits, -figures.CostPence);
}
