namespace CreditUsage.Features.ApiKeys;

/// <summary>The forms of the page as they came.</summary>
public sealed record ApiKeyInput
{
    public string? Name { get; init; }

    public string? Scope { get; init; }

    public DateOnly? LastDay { get; init; }

    public string? Password { get; init; }
}
