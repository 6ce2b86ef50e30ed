using System.Globalization;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;

namespace CreditUsage.Features.Corrections;

/// <summary>The correction form as it was typed.</summary>
public sealed class CorrectionInput
{
    private const int MaxCredits = 1_000_000;

    public string? Reason { get; init; }

    public string? Minutes { get; init; }

    public string? Credits { get; init; }

    public string? Cost { get; init; }

    /// <exception cref="UserFacingException">It is empty or cannot be kept.</exception>
    public string ValidReason()
    {
        if (!RecordedName.TryNormalise(Reason ?? "", out var reason, out var fault)) throw new UserFacingException($"The reason {fault}.");
        return reason.Length > 0 ? reason : throw new UserFacingException("Say why the event is corrected.");
    }

    /// <exception cref="UserFacingException">Something is no whole number or no amount, or nothing was typed.</exception>
    public AdjustedUsage ValidAdjustment()
    {
        var adjusted = new AdjustedUsage(Whole(Minutes, "minutes", UsageValidator.MaxSessionMinutes), Whole(Credits, "credits", MaxCredits), Pence(Cost));
        return adjusted == new AdjustedUsage(null, null, null) ? throw new UserFacingException("Type what the event should come to.") : adjusted;
    }

    private static int? Whole(string? typed, string what, int most)
    {
        if (string.IsNullOrWhiteSpace(typed)) return null;
        return int.TryParse(typed.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number
            : throw new UserFacingException($"The {what} must be a whole number from 0 to {most}.");
    }

    private static long? Pence(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed)) return null;
        return UsageValidator.TryReadPounds(typed.Trim(), out var pence) ? pence : throw new UserFacingException("The cost must be pounds with at most two decimals, such as 9.45.");
    }
}
