using CreditUsage.Core.Jobs;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Shared;

/// <summary>
/// Takes the closing of a long month into the background. The months' pages ask for it and the report, which makes in the background what
/// is long, provides it (docs/decisions/0009).
/// </summary>
public interface ILongMonths
{
    /// <summary>Enters the closing. One that waits or is made already is answered as it stands, not entered again.</summary>
    /// <param name="month">A month that can be closed.</param>
    /// <param name="note">Why, although something advised is missing on the checklist; null where nothing is.</param>
    /// <returns>The address of the page that shows how far it is; null where the month is short enough to be closed at once.</returns>
    /// <exception cref="TooManyReportsException">It has to wait; nothing was entered.</exception>
    Task<string?> CloseAsync(UsageMonth month, string? note, CancellationToken cancellation);

    /// <summary>The address of the page about a month's closing that waits or is made; null where there is none.</summary>
    Task<string?> UnderWayAsync(UsageMonth month, CancellationToken cancellation);
}
