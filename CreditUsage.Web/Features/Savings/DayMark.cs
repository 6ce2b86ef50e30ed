namespace CreditUsage.Features.Savings;

/// <summary>What became of a device on a day.</summary>
public enum DayMark
{
    /// <summary>Neither scheduled nor charged, or not over yet.</summary>
    Nothing,
    Charged,

    /// <summary>Charged on a day on which none of its schedules runs.</summary>
    Outside,

    /// <summary>Scheduled and not charged.</summary>
    Missing,

    /// <summary>Charged, and taken back.</summary>
    TakenBack,

    /// <summary>Charged after the month was closed, so that a later month shows it.</summary>
    Late,
}
