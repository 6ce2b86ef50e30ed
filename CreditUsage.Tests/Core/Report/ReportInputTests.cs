using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace CreditUsage.Tests.Core.Report;

public sealed class ReportInputTests
{
    private static readonly ReportableMonths Months = new(new DateOnly(2024, 8, 1), new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));

    private static readonly Gen<ReportFilter> Filters = Gen.Select(Gen.Int[0, 27], Gen.Int[0, 2], Gen.Int[0, 7], Gen.Bool, Gen.Int[0, 2], (month, kinds, column, descending, copy) =>
        new ReportFilter(UsageMonth.Of(new DateOnly(2024, 8, 1).AddMonths(month)), kinds != 1, kinds != 2, new UsageSort((UsageColumn)column, descending))
        {
            ForAccountant = copy > 0,
            ProgramsHidden = copy > 1,
            Rows = RowFilter.None with { Staff = [.. Enumerable.Range(0, column % 4).Select(number => $"S {number}")], Device = column > 5 ? ["1000000001", "1000000002"] : [] },
        });

    [Fact]
    public void A_filter_comes_back_from_its_own_address() => Filters.Sample(filter =>
        Input(filter.Query()).Validate(Months, out var position, out var faults) == filter && faults.Count == 0 && position == new UsagePosition(1, null));

    [Fact]
    public void An_order_comes_back_from_its_own_name() => Gen.Select(Gen.Int[0, 7], Gen.Bool, (column, descending) => new UsageSort((UsageColumn)column, descending))
        .Sample(sort => UsageSort.TryParse(sort.ToString(), out var read) && read == sort);

    [Theory]
    [InlineData("Cost")]
    [InlineData("--cost")]
    [InlineData("-")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("cost;--")]
    public void Another_order_is_not_known(string? text) => Assert.False(UsageSort.TryParse(text, out _));

    [Theory]
    [InlineData(true, true, "Credit Usage Report 2026-10.pdf")]
    [InlineData(true, false, "Credit Usage Report 2026-10 - sessions.pdf")]
    [InlineData(false, true, "Credit Usage Report 2026-10 - top-ups.pdf")]
    public void A_file_is_named_after_the_month_and_what_it_is_limited_to(bool sessions, bool topUps, string name) =>
        Assert.Equal(name, new ReportFilter(new UsageMonth(2026, 10), sessions, topUps, UsageSort.Default).FileName("pdf"));

    [Fact]
    public void A_file_name_tells_every_kind_of_contents_apart()
    {
        var whole = new ReportFilter(new UsageMonth(2026, 10), true, true, UsageSort.Default);
        string Name(ReportFilter filter) => filter.FileName("pdf")["Credit Usage Report 2026-10".Length..];

        Assert.Equal(" - by staff.pdf", Name(whole with { GroupBy = UsageGroupBy.Staff }));
        Assert.Equal(" - by client - subtotals - with charts.pdf", Name(whole with { GroupBy = UsageGroupBy.Client, SubtotalsOnly = true, Pictures = true }));
        Assert.Equal(" - filtered - by day - new pages.pdf", Name(whole with { GroupBy = UsageGroupBy.Day, NewPages = true, Rows = RowFilter.None with { Staff = ["S1"] } }));
        Assert.Equal(" - top-ups.pdf", Name(whole with { Sessions = false, Sort = new UsageSort(UsageColumn.Cost, Descending: true) }));
        Assert.Equal("Credit Usage Report 2026-10.csv", (whole with { Pictures = true }).FileName("csv"));
    }

    [Fact]
    public void The_values_of_a_filter_are_the_same_in_any_order_and_one_is_written_as_ever()
    {
        RowFilter Of(string query) => Input($"?year=2026&month=10&sessions=true{query}").Validate(Months, out _, out _)!.Rows;

        Assert.Equal(Of("&client=C1&client=C2"), Of("&client=C2&client=&client=C1&client=C2"));
        Assert.NotEqual(Of("&client=C1"), Of("&client=C1&client=C2"));
        Assert.Equal(RowFilter.None, Of("&client=&staff="));
        Assert.Equal("client=A%2CB", new ReportFilter(new UsageMonth(2026, 10), true, true, UsageSort.Default) { Rows = Of("&client=A,B") }.Variant);
        Assert.Equal("client=C1&client=C2", new ReportFilter(new UsageMonth(2026, 10), true, true, UsageSort.Default) { Rows = Of("&client=C2&client=C1") }.Variant);
    }

    [Theory]
    [InlineData("date", "cost", "cost", "date,cost")]
    [InlineData("cost", "cost", "-cost", "-cost")]
    [InlineData("-cost", "staff", "staff", "-cost,staff")]
    [InlineData("-cost,staff", "staff", "staff", "-cost,-staff")]
    [InlineData("-cost,staff", "cost", "cost", "cost,staff")]
    [InlineData("kind,staff,client", "cost", "cost", "kind,staff,cost")]
    public void A_heading_orders_by_its_column_alone_or_with_Shift_after_the_others(string order, string column, string click, string withShift)
    {
        Assert.True(UsageSort.TryParse(order, out var sort));
        var by = Enum.GetValues<UsageColumn>().Single(one => UsageSort.NameOf(one) == column);

        Assert.Equal((click, withShift), (sort.NextBy(by).ToString(), sort.ThenBy(by).ToString()));
    }

    [Fact]
    public void A_copy_is_told_by_its_name_and_is_a_variant_of_its_own()
    {
        var copy = new ReportFilter(new UsageMonth(2026, 10), true, false, UsageSort.Default) { ForAccountant = true, ProgramsHidden = true };

        Assert.Equal("Credit Usage Report 2026-10 - sessions - accountant copy - programs hidden.xlsx", copy.FileName("xlsx"));
        Assert.Equal("copy=accountant&programs=hidden", copy.Variant);
        Assert.Equal("sort=-cost&copy=accountant", (copy with { ProgramsHidden = false, Sort = new UsageSort(UsageColumn.Cost, Descending: true) }).Variant);
    }

    [Fact]
    public void Before_anything_is_asked_both_boxes_are_ticked_and_afterwards_an_absent_one_is_not()
    {
        Assert.True(Input("").IsTicked("sessions"));
        Assert.False(Input("?sort=cost").Asked);
        Assert.False(Input("?year=2026").IsTicked("sessions"));
    }

    private static ReportInput Input(string query) => ReportInput.From(new QueryCollection(QueryHelpers.ParseQuery(query)));
}
