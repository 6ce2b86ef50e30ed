using CreditUsage.Core;

namespace CreditUsage.Features.Shared;

/// <param name="Id">Also its name in the form.</param>
public sealed record FormField(string Id, string Label, string? Value, IReadOnlyList<Problem> Faults)
{
    public string Type { get; init; } = "text";

    /// <summary>The input's inputmode, such as "numeric".</summary>
    public string? Keyboard { get; init; }

    public string? Hint { get; init; }

    public string? Fault => Faults.FirstOrDefault(fault => fault.Field == Id)?.Message;

    public string? DescribedBy => (Hint, Fault) switch
    {
        (null, null) => null,
        (_, null) => $"{Id}-hint",
        (null, _) => $"{Id}-fault",
        _ => $"{Id}-hint {Id}-fault",
    };
}
