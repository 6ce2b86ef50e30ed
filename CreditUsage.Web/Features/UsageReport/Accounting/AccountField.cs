namespace CreditUsage.Features.UsageReport.Accounting;

/// <summary>A labelled field of the accounts' form, with what was wrong with it.</summary>
/// <param name="Id">Of the field and its name in the form.</param>
public sealed record AccountField(string Id, string Label, string? Value, string Hint, string? Fault)
{
    public string DescribedBy => Fault is null ? $"{Id}-hint" : $"{Id}-hint {Id}-fault";
}
