using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Shared;

/// <summary>
/// A month as the files that the report offers. Deliveries ask for them and the report, which owns the query, provides them: the second
/// seam between features (docs/decisions/0009).
/// </summary>
public interface IMonthFiles
{
    /// <summary>Every row of the month, of both kinds, as CSV.</summary>
    /// <param name="stream">Left open.</param>
    Task WriteCsvAsync(UsageMonth month, Stream stream, CancellationToken cancellation);
}
