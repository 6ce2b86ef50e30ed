using CreditUsage.Domain;

namespace CreditUsage.Data;

/// <summary>A PDF that was produced and kept, byte for byte. Its bytes lie under <see cref="Sha256"/> in the data folder.</summary>
public sealed class SavedReport : IOwnedBySubscription
{
    public Guid Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>The first day of the month that it reports.</summary>
    public required DateOnly MonthStart { get; init; }

    public required bool Sessions { get; init; }

    public required bool TopUps { get; init; }

    public required int Events { get; init; }

    public required long Credits { get; init; }

    /// <summary>Pence; absent where the money was withheld.</summary>
    public required long? CostPence { get; init; }

    public required string FileName { get; init; }

    public required int Pages { get; init; }

    public required long SizeBytes { get; init; }

    /// <summary>Lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The e-mail address of who saved it, as it was then.</summary>
    public required string SavedBy { get; init; }

    public required DateTimeOffset SavedAt { get; init; }
}
