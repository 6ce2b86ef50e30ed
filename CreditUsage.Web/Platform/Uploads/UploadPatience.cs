namespace CreditUsage.Platform.Uploads;

/// <summary>How long a file may take to arrive: whoever sends a byte now and then must not hold a place for ever.</summary>
public sealed record UploadPatience(TimeSpan Whole)
{
    public static readonly UploadPatience Default = new(TimeSpan.FromMinutes(15));
}
