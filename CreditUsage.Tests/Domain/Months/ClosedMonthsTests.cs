using CreditUsage.Domain.Months;

namespace CreditUsage.Tests.Domain.Months;

/// <summary>domain.md rule 8.</summary>
public sealed class ClosedMonthsTests
{
    private static readonly UsageMonth August = new(2026, 8);
    private static readonly UsageMonth September = new(2026, 9);
    private static readonly UsageMonth October = new(2026, 10);
    private static readonly DateTimeOffset InOctober = new(2026, 10, 31, 23, 59, 59, TimeSpan.Zero);

    private readonly ClosedMonths _closed = ClosedMonths.Of(
        [Closing(August, 1, credits: 500), Closing(September, 1, credits: 300, reopened: true), Closing(September, 2, credits: 200)]);

    [Fact]
    public void The_latest_is_the_newest_that_was_not_reopened()
    {
        Assert.Equal((September, 200), (_closed.Latest, _closed.Credits));
        var reopened = ClosedMonths.Of([Closing(August, 1, credits: 500), Closing(September, 1, credits: 300, reopened: true)]);
        Assert.Equal((August, 500), (reopened.Latest, reopened.Credits));
        Assert.Equal((true, false), (reopened.IsClosed(August), reopened.IsClosed(September)));
    }

    [Fact]
    public void Where_none_is_closed_there_is_no_latest_and_each_event_counts_in_its_own_month()
    {
        var none = ClosedMonths.Of([]);
        Assert.Null(none.Latest);
        Assert.Equal(0, none.Credits);
        Assert.Null(none.LatestBefore(October));
        Assert.Equal(August, none.ReportMonth(August));
    }

    [Fact]
    public void The_latest_before_a_month_is_not_the_month_itself()
    {
        Assert.Equal((September, 200), _closed.LatestBefore(October));
        Assert.Equal((August, 500), _closed.LatestBefore(September));
        Assert.Null(_closed.LatestBefore(August));
    }

    [Fact]
    public void An_event_for_a_closed_month_counts_in_the_first_that_is_open()
    {
        Assert.Equal([October, October, October, new UsageMonth(2026, 11)], new[] { August, September, October, new UsageMonth(2026, 11) }.Select(_closed.ReportMonth));
    }

    [Fact]
    public void The_state_of_a_month_is_said_in_words()
    {
        Assert.Equal("Closed v1", _closed.StateOf(August, InOctober).Label);
        Assert.Equal("Restated v2", _closed.StateOf(September, InOctober).Label);
        Assert.Equal("In progress", _closed.StateOf(October, InOctober).Label);
        Assert.Equal("Open", _closed.StateOf(October, InOctober.AddSeconds(1)).Label);
        Assert.Equal((true, false), (_closed.StateOf(September, InOctober).IsClosed, _closed.StateOf(October, InOctober).IsClosed));
    }

    private static MonthClosing Closing(UsageMonth month, int version, long credits, bool reopened = false) => new()
    {
        Month = month,
        Version = version,
        ClosedAt = InOctober,
        ClosedBy = "a@clinic.example",
        RowsSha256 = "",
        SavedReportId = Guid.Empty,
        PdfSha256 = "",
        Events = 0,
        Corrections = 0,
        Credits = 0,
        CostPence = 0,
        OpeningCredits = 0,
        ClosingCredits = credits,
        ReopenedAt = reopened ? InOctober : null,
    };
}
