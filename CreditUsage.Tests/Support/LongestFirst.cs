using Xunit.Abstractions;

[assembly: TestCollectionOrderer("CreditUsage.Tests.Support.LongestFirst", "CreditUsage.Tests")]

namespace CreditUsage.Tests.Support;

/// <summary>Begins with the collections that take longest, so that none of them is still running when the others are done.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>Ends of their names.</summary>
    private static readonly string[] Long =
    [
        ClinicsCollection.Name, ".HostileNamesTests", ".FakeEngineTests", ".AccessibilityTests", ".KillTests", ".PdfKillTests", ".RouteTests", ".BackgroundReportTests", ".VerbTests", ".LongPdfTests", ".ReportJobTests", ".CloseMonthTests",
        ".DeliverMonthsTests", ".TwoFactorJourneyTests", ".ClosingJobTests", ".QueryTests", ".GuardsTests", ApiCollection.Name, ".TwentySevenMonthsTests", ".FullDiskTests", ".CanaryTests",
        ".SlowMailServerTests", ".SendMailTests",
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(Place);

    private static int Place(ITestCollection collection)
    {
        var place = Array.FindIndex(Long, name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
