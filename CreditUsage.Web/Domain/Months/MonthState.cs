namespace CreditUsage.Domain.Months;

/// <summary>Where a month stands on its way from use to books.</summary>
/// <param name="ClosedVersion">The version in force; null while the month is open or has been reopened.</param>
/// <param name="InProgress">The month is not over.</param>
public readonly record struct MonthState(int? ClosedVersion, bool InProgress)
{
    public bool IsClosed => ClosedVersion is not null;

    /// <summary>"Open", "In progress", "Closed v1" or "Restated v2".</summary>
    public string Label => (ClosedVersion, InProgress) switch
    {
        (1, _) => "Closed v1",
        ({ } version, _) => $"Restated v{version}",
        (null, true) => "In progress",
        _ => "Open",
    };
}
