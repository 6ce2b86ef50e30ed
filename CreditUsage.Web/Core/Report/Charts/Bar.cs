namespace CreditUsage.Core.Report.Charts;

/// <summary>One bar of a picture and one line of its table.</summary>
/// <param name="Label">What it is of.</param>
/// <param name="AxisLabel">The label under an axis.</param>
/// <param name="Value">How long it is; nothing is drawn below nought.</param>
/// <param name="Shown">The value in words: "£3,661.26".</param>
/// <param name="Address">Where it leads; null for nowhere.</param>
/// <param name="Marked">The one that the rest is held against: the month that is looked at.</param>
public sealed record Bar(string Label, string AxisLabel, long Value, string Shown, string? Address, bool Marked = false);
