using CreditUsage.Core.Closing;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Shared;

/// <summary>
/// Makes what is kept of a month when it is closed. Closing asks for it and the report, which owns the query, provides it: the first
/// seam between two features (docs/decisions/0009).
/// </summary>
public interface IMonthReport
{
    /// <summary>The month's rows and totals and its PDF, as the database has them at one instant. Dispose it when they have been taken.</summary>
    /// <param name="month">A month that is over.</param>
    /// <param name="version">The version it is going to be closed as.</param>
    /// <param name="by">Who closes it.</param>
    /// <param name="rowsDone">Told how many rows are on paper, as they get there; null where nobody watches.</param>
    /// <exception cref="Platform.Pdf.PdfException">In words for the user; nothing is left behind.</exception>
    Task<GeneratedMonth> MakeAsync(UsageMonth month, int version, string by, IProgress<int>? rowsDone, CancellationToken cancellation);

    /// <summary>Whether the database still has what was made. Within a transaction for writing the answer holds until it ends.</summary>
    Task<bool> StillHoldsAsync(GeneratedMonth made, CancellationToken cancellation);
}
