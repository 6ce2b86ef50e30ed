using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Intake;

/// <summary>Where an event is entered: the month whose report shows it, when the balance fell, and the intake that brought it.</summary>
internal readonly record struct UsagePosting(UsageMonth Month, DateTimeOffset At, int IntakeId);
