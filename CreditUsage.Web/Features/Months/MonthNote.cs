using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Months;

/// <summary>The note of a closing or the reason of a reopening, as typed.</summary>
internal static class MonthNote
{
    /// <param name="typed">May be empty.</param>
    /// <param name="note">Normalised; null where nothing was typed.</param>
    /// <param name="fault">What is wrong and what to do: a sentence.</param>
    public static bool TryRead(string? typed, out string? note, out string fault)
    {
        var fine = RecordedName.TryNormalise(typed ?? "", out var text, out var problem);
        (note, fault) = (text.Length == 0 ? null : text, fine ? "" : $"The text {problem}.");
        return fine;
    }
}
