namespace CreditUsage.Features.Imports;

/// <summary>How large a file of usage may be.</summary>
public sealed record ImportLimits
{
    /// <summary>What a request with a file may have in all, in bytes: the largest file and what a form puts around it.</summary>
    public const long MostRequestBytes = LargestFile + (64 * 1024);

    private const long LargestFile = 200L * 1024 * 1024;

    public long MostBytes { get; init; } = LargestFile;

    public int MostRows { get; init; } = 1_000_000;

    /// <summary>"200 MB".</summary>
    public string MostShown => $"{MostBytes / (1024 * 1024)} MB";

    /// <summary>What is said of a file that is larger.</summary>
    public string TooLarge => $"The file is larger than {MostShown}. Split it into smaller files, each with the line of column names.";
}
