using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Shared;

/// <summary>Closes a month. The background asks for it and the months, which own what closing means, provide it (docs/decisions/0009).</summary>
public interface IMonthClosing
{
    /// <param name="month">Any month.</param>
    /// <param name="note">Why, although something advised is missing on the checklist; null where nothing is.</param>
    /// <param name="rowsDone">Told how many rows are on paper, as they get there; null where nobody watches.</param>
    /// <returns>The id of the saved report that is kept of it.</returns>
    /// <exception cref="Platform.UserFacingException">The checklist is not met, or the PDF cannot be made; nothing has changed.</exception>
    Task<Guid> CloseAsync(UsageMonth month, string? note, IProgress<int>? rowsDone, CancellationToken cancellation);
}
