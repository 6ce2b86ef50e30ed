namespace CreditUsage.Core.Paper;

/// <summary>What tells one saved report from every other; it stands on each of its pages.</summary>
/// <param name="Number">Unique within the subscription.</param>
/// <param name="Version">The version that the month was closed as, or of a draft how many there have been.</param>
/// <param name="Draft">The month was not closed when it was made.</param>
public sealed record ReportSeal(int Number, int Version, bool Draft)
{
    /// <summary>"Report 17, version 1. Verify at /verify".</summary>
    public string Line => $"Report {Number}, {(Draft ? "draft" : "version")} {Version}. Verify at /verify";
}
