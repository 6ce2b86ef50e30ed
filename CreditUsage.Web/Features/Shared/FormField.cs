using CreditUsage.Core;

namespace CreditUsage.Features.Shared;

/// <summary>A labelled field of a form, with what was wrong with it beside it.</summary>
/// <param name="Id">Of the field and its name in the form.</param>
/// <param name="Value">As it was left.</param>
/// <param name="Faults">Of the whole form.</param>
public sealed record FormField(string Id, string Label, string? Value, IReadOnlyList<Problem> Faults)
{
    /// <summary>The input's type.</summary>
    public string Type { get; init; } = "text";

    /// <summary>Which keyboard a telephone shows, such as "numeric".</summary>
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
