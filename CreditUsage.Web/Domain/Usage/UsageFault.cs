namespace CreditUsage.Domain.Usage;

/// <summary>What is wrong with one field of an event and what to do about it.</summary>
/// <param name="Field">As in <see cref="UsageInput.Fields"/>.</param>
/// <param name="Message">A sentence that says what to do.</param>
public sealed record UsageFault(string Field, string Message);
