using CreditUsage.Core.Report;

namespace CreditUsage.Features.UsageReport;

/// <summary>What stands around a result.</summary>
/// <param name="Views">Those that can be chosen, by name.</param>
/// <param name="AnySaved">Whether the folder icon leads anywhere.</param>
/// <param name="BeingMade">Reports that wait or are made in the background.</param>
public sealed record ReportAround(IReadOnlyList<ViewShown> Views, bool AnySaved, int BeingMade)
{
    public static ReportAround Nothing { get; } = new([], AnySaved: false, BeingMade: 0);

    /// <summary>The view that the report begins with before anything was asked; null where none was chosen.</summary>
    public ViewShown? Default => Views.FirstOrDefault(view => view.Begins);
}
