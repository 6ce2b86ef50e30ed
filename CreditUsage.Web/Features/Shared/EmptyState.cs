namespace CreditUsage.Features.Shared;

/// <summary>A list without anything in it yet.</summary>
/// <param name="Message">What the list is for.</param>
/// <param name="Address">Of the one thing to do; null where the user's role does not allow it.</param>
public sealed record EmptyState(string Message, string? Address = null, string? Action = null);
