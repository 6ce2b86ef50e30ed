namespace CreditUsage.Features.Imports;

/// <summary>What is wrong in a line of the file and what to do about it.</summary>
/// <param name="Field">The column's name; "row" where the line cannot be split into its fields.</param>
public sealed record RowError(int Line, string Field, string Message);
