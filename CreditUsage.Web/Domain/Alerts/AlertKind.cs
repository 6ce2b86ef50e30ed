namespace CreditUsage.Domain.Alerts;

/// <summary>What an alert watches.</summary>
public enum AlertKind
{
    /// <summary>Credits in hand fall below a line.</summary>
    BalanceBelow = 1,

    /// <summary>Credits run out within a line of days.</summary>
    RunsOutWithin = 2,

    /// <summary>A month costs more than a budget.</summary>
    MonthAbove = 3,

    /// <summary>A staff member's month costs more than a budget.</summary>
    StaffMonthAbove = 4,

    /// <summary>A program's month costs more than a budget.</summary>
    ProgramMonthAbove = 5,
}
