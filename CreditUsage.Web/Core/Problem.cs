namespace CreditUsage.Core;

/// <param name="Field">The id of the field; null for the form as a whole.</param>
public sealed record Problem(string? Field, string Message);
