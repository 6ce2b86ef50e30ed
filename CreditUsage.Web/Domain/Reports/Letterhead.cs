namespace CreditUsage.Domain.Reports;

/// <summary>What the first page of a subscription's PDFs begins with, beside its name; at most one for each subscription.</summary>
public sealed class Letterhead : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>Lines divided by line feeds; empty for none.</summary>
    public required string Address { get; set; }

    /// <summary>A PNG or JPEG that was read and written anew; null for none.</summary>
    public byte[]? Logo { get; set; }

    /// <summary>Of the logo: image/png or image/jpeg.</summary>
    public string? LogoType { get; set; }

    /// <summary>In pixels, as the height.</summary>
    public int LogoWidth { get; set; }

    public int LogoHeight { get; set; }

    public IReadOnlyList<string> AddressLines => Address.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The pixels of paper and page that the logo takes, its shape kept; a small one keeps its size.</summary>
    public (int Width, int Height) PrintedSize
    {
        get
        {
            const int maxWidth = 260, maxHeight = 110;
            var scale = Math.Min(1m, Math.Min(maxWidth / (decimal)Math.Max(1, LogoWidth), maxHeight / (decimal)Math.Max(1, LogoHeight)));
            return ((int)(LogoWidth * scale), (int)(LogoHeight * scale));
        }
    }

    public required string SetBy { get; set; }

    public required DateTimeOffset SetAt { get; set; }
}
