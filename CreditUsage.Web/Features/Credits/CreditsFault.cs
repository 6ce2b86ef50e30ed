namespace CreditUsage.Features.Credits;

/// <summary>What is wrong with what was typed, and what to do about it.</summary>
/// <param name="Field">The id of the field; null where it is none in particular.</param>
public sealed record CreditsFault(string? Field, string Message);
