using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;

namespace CreditUsage.Tests.Domain.Reports;

/// <summary>Which saved reports count, and what their labels say.</summary>
public sealed class SavedReportStateTests
{
    private static readonly DateTimeOffset Saved = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Saved.AddMinutes(1);

    [Theory]
    [InlineData(true, "Report 7, draft 2")]
    [InlineData(false, "Report 7, version 2")]
    public void The_label_has_number_and_version(bool draft, string label) => Assert.Equal(label, Report(draft, 2).Label);

    [Theory]
    [InlineData("", false)]
    [InlineData("groupBy=staff&subtotals=true", false)]
    [InlineData("groupBy=staff&staff=S1", true)]
    [InlineData("client=-", true)]
    [InlineData("program=3", true)]
    [InlineData("device=1000000001", true)]
    [InlineData("from=2026-10-02", true)]
    [InlineData("to=2026-10-02", true)]
    [InlineData("q=ann", true)]
    // A longer name is not the filter that it begins like.
    [InlineData("staffing=1&sort=staff", false)]
    public void A_part_is_what_a_filter_left_rows_out_of(string variant, bool part) => Assert.Equal(part, Report(draft: true, 1, variant).IsPart);

    [Fact]
    public void The_filters_are_named_as_people_name_them()
    {
        Assert.Equal(
            [("staff", "staff member"), ("client", "client"), ("program", "program"), ("device", "device"), ("from", "day"), ("to", "day"), ("q", "text")],
            SavedReport.Filters);
    }

    [Fact]
    public void A_draft_is_superseded_by_a_closing_in_force_whenever_it_was()
    {
        Assert.Equal("superseded by version 3", ReportSuccession.Of(Report(draft: true, 1), Closing(3, Later), 1)?.Label);
        Assert.Equal("superseded by version 3", ReportSuccession.Of(Report(draft: true, 1), Closing(3, Saved.AddDays(-1)), 1)?.Label);
    }

    [Fact]
    public void A_draft_of_a_reopened_month_counts_where_it_is_younger_than_the_closing()
    {
        Assert.Equal("superseded by version 1", ReportSuccession.Of(Report(draft: true, 1), Closing(1, Later, reopened: true), 1)?.Label);
        Assert.Null(ReportSuccession.Of(Report(draft: true, 1), Closing(1, Saved, reopened: true), 1));
    }

    [Fact]
    public void A_draft_is_superseded_by_a_later_draft_only()
    {
        Assert.Equal("superseded by draft 2", ReportSuccession.Of(Report(draft: true, 1), null, 2)?.Label);
        Assert.Null(ReportSuccession.Of(Report(draft: true, 2), null, 2));
        Assert.Null(ReportSuccession.Of(Report(draft: true, 2), null, null));
    }

    [Fact]
    public void A_version_is_superseded_by_a_later_one_or_reopened()
    {
        Assert.Equal("superseded by version 2", ReportSuccession.Of(Report(draft: false, 1), Closing(2, Later), null)?.Label);
        Assert.Null(ReportSuccession.Of(Report(draft: false, 2), Closing(2, Later), null));
        Assert.Null(ReportSuccession.Of(Report(draft: false, 1), null, 5));
        var reopened = ReportSuccession.Of(Report(draft: false, 2), Closing(2, Later, reopened: true), null);
        Assert.Equal(("reopened since", Later), (reopened?.Label, reopened?.ReopenedAt));
    }

    private static SavedReport Report(bool draft, int version, string variant = "") => new()
    {
        Number = 7,
        Version = version,
        Draft = draft,
        Form = ReportType.Month,
        Variant = variant,
        ContentSha256 = "",
        MadeWith = "",
        MonthStart = new DateOnly(2026, 10, 1),
        Sessions = true,
        TopUps = true,
        Events = 0,
        Credits = 0,
        CostPence = 0,
        FileName = "",
        Pages = 1,
        SizeBytes = 1,
        Sha256 = "",
        SavedBy = "a@clinic.example",
        SavedAt = Saved,
    };

    private static MonthClosing Closing(int version, DateTimeOffset at, bool reopened = false) => new()
    {
        Month = new UsageMonth(2026, 10),
        Version = version,
        ClosedAt = at,
        ClosedBy = "a@clinic.example",
        RowsSha256 = "",
        SavedReportId = Guid.Empty,
        PdfSha256 = "",
        Events = 0,
        Corrections = 0,
        Credits = 0,
        CostPence = 0,
        OpeningCredits = 0,
        ClosingCredits = 0,
        ReopenedAt = reopened ? Later : null,
    };
}
