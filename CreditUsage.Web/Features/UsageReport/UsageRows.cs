namespace CreditUsage.Features.UsageReport;

/// <summary>Rows for page or paper.</summary>
/// <param name="Linked">Whether a row's date leads to its event: on screen, where a link can be followed.</param>
public sealed record UsageRows(IReadOnlyList<UsageRow> Rows, bool Linked);
