namespace CreditUsage.Core;

/// <summary>A rejected form field.</summary>
/// <param name="Field">The id of the field; null for the form as a whole.</param>
/// <param name="Message">A sentence that says what to do.</param>
public sealed record Problem(string? Field, string Message);
