namespace CreditUsage.Core.Report;

/// <summary>One thing that a report is narrowed to, or put in order by, in words: "Staff member", "Dr Jane Smith".</summary>
public sealed record UsageCriterion(string Label, string Value);
