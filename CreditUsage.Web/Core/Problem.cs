namespace CreditUsage.Core;

/// <summary>What was refused of a form.</summary>
/// <param name="Field">The id of the field that it is about; null where it is none in particular.</param>
/// <param name="Message">A sentence that says what to do.</param>
public sealed record Problem(string? Field, string Message);
