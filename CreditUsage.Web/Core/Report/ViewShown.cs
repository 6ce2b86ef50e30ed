namespace CreditUsage.Core.Report;

/// <summary>A saved view as the report offers it.</summary>
/// <param name="Query">The report's query string without its month.</param>
/// <param name="Begins">Whether the report of whoever looks begins with it.</param>
public sealed record ViewShown(string Name, string Query, bool Begins);
