namespace CreditUsage.Core.Report;

/// <summary>One list that a report is narrowed by.</summary>
/// <param name="Id">The name in the query string.</param>
/// <param name="All">What stands for no choice.</param>
/// <param name="Chosen">Null for no choice.</param>
public sealed record UsageChoiceList(string Id, string Label, string All, string? Chosen, IReadOnlyList<UsageChoice> From)
{
    /// <summary>One that is of no use in this month stays chosen, so that it can be seen and taken back.</summary>
    public IEnumerable<UsageChoice> Offered => Chosen is null || From.Any(choice => choice.Value == Chosen) ? From : From.Append(new UsageChoice(Chosen, $"{Chosen} (not in this month)"));
}
