using System.Net;
using System.Net.Sockets;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Paper;

/// <summary>How many pages there are, and that no name, however long, costs an amount its place.</summary>
public sealed class PdfPagesTests(Site site) : IClassFixture<Site>
{
    private const int TotalLines = 3;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(70, 1)]
    [InlineData(71, 2)] // and the day's subtotal, and three totals
    [InlineData(73, 2)]
    [InlineData(74, 2)] // the last row and the subtotal stay together
    [InlineData(75, 2)]
    [InlineData(1000, 14)] // 13 x 74 = 962, and 38 rows with the subtotal and the totals on the last
    public async Task The_pages_are_as_many_as_were_laid_out(int rows, int pages)
    {
        var clinic = await ClinicAsync();
        if (rows > 0) await site.ImportRowsAsync(clinic, [.. Enumerable.Range(1, rows).Select(i => CsvRow.Session($"E{i}", "2026-10-01T09:30:00Z", cost: $"{i}.00"))]);

        using var pdf = PdfRead.Open(await PdfAsync(clinic));

        Assert.Equal(pages + 1, pdf.NumberOfPages);
        var laid = new PdfPages(UsageColumns.All);
        for (var row = 1; row <= rows; row++) laid.Add(Row, endsDay: row == rows);
        Assert.Equal((pages, rows), (laid.End(TotalLines).Count, laid.End(TotalLines).Sum()));
        var total = (long)rows * (rows + 1) / 2;
        Assert.Equal(Enumerable.Range(1, rows).Select(i => Pounds(i)).Concat([Pounds(total), "£0.00", Pounds(total)]).Order(StringComparer.Ordinal), pdf.Amounts());
        Assert.All(pdf.GetPages(), page => Assert.Contains($"Page{page.Number}of{pages + 1}", page.Dense(), StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Extremes => new()
    {
        { "200 W", new string('W', 200) },
        { "200 i", new string('i', 200) },
        { "200 ideographs", new string('李', 200) },
        { "200 emoji", string.Concat(Enumerable.Repeat("🙂", 200)) },
        { "199 combining marks on one letter", "e" + new string('\u0323', 199) },
        { "Arabic and digits", string.Concat(Enumerable.Repeat("محمد 123 ", 22)).Trim() },
        { "Hebrew", string.Concat(Enumerable.Repeat("שלום", 50)) },
        { "a zero-width joiner between letters", string.Join('\u200D', Enumerable.Repeat('x', 100)) },
        { "HTML", string.Concat(Enumerable.Repeat("<b>&amp;", 25)) },
        { "words", string.Concat(Enumerable.Repeat("Wilhelmina ", 18)).Trim() },
    };

    [Theory]
    [MemberData(nameof(Extremes))]
    public async Task A_name_at_its_longest_leaves_every_amount_on_paper(string what, string name)
    {
        var clinic = await ClinicAsync();
        await site.ImportRowsAsync(
            clinic,
            CsvRow.Session("E1", "2026-10-01T09:30:00Z", cost: "1.11", client: name),
            CsvRow.Session("E2", "2026-10-02T09:30:00Z", cost: "2.22", staff: name),
            CsvRow.Session("E3", "2026-10-03T09:30:00Z", cost: "3.33", program: name),
            CsvRow.Session("E4", "2026-10-04T09:30:00Z", cost: "4.44", client: name, staff: name, program: name),
            CsvRow.TopUp("E5", "2026-10-05", cost: "5.55", note: name),
            CsvRow.Session("E6", "2026-10-06T09:30:00Z", cost: "9999999.66", client: name));

        using var pdf = PdfRead.Open(await PdfAsync(clinic));

        string[] amounts = ["£1.11", "£2.22", "£3.33", "£4.44", "£5.55", "£9,999,999.66", "£10,000,010.76", "£5.55", "£10,000,016.31"];
        Assert.True(amounts.Order(StringComparer.Ordinal).SequenceEqual(pdf.Amounts()), $"{what}: {string.Join(' ', pdf.Amounts())}");
    }

    [Fact]
    public async Task A_page_of_long_names_is_as_long_as_was_laid_out()
    {
        var clinic = await ClinicAsync();
        await site.ImportRowsAsync(clinic, [.. Enumerable.Range(1, 60).Select(i => CsvRow.Session(
            $"E{i}", "2026-10-01T09:30:00Z", cost: $"{i}.00", client: i % 2 == 0 ? new string('W', 200) : string.Concat(Enumerable.Repeat("Wilhelmina ", 18)).Trim()))]);
        using var pdf = PdfRead.Open(await PdfAsync(clinic));
        Assert.Equal(Enumerable.Range(1, 60).Select(i => Pounds(i)).Concat(["£1,830.00", "£0.00", "£1,830.00"]).Order(StringComparer.Ordinal), pdf.Amounts());
    }

    [Fact]
    public async Task Markup_in_names_is_printed_and_reaches_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://{listener.LocalEndpoint}/x";
        string[] names =
        [
            $"<img src={url}>", $"<iframe src='{url}'></iframe>", $"<script src={url}></script>", $"<link rel=stylesheet href={url}>", $"<link rel=prefetch href={url}>",
            $"<object data={url}></object>", $"<embed src={url}>", $"<meta http-equiv=refresh content='0;url={url}'>", $"<style>@import url({url});td{{display:none}}</style>",
            $"<video src={url}></video>", $"</td></tr></table><base href={url}>", $"<svg><image href={url}></svg>", "<iframe src=file:///etc/passwd>",
        ];
        var clinic = await ClinicAsync();
        await site.ImportRowsAsync(clinic, [.. names.Select((name, i) => CsvRow.Session($"E{i}", "2026-10-01T09:30:00Z", cost: $"{i + 1}.00", client: name))]);

        using var pdf = PdfRead.Open(await PdfAsync(clinic));

        Assert.False(listener.Pending());
        var text = string.Concat(pdf.GetPages().Select(page => page.Dense()));
        Assert.All(names, name => Assert.Contains(name[..9].Replace(" ", "", StringComparison.Ordinal), text, StringComparison.Ordinal));
        Assert.Equal(names.Select((_, i) => Pounds(i + 1)).Concat(["£91.00", "£0.00", "£91.00"]).Order(StringComparer.Ordinal), pdf.Amounts());
    }

    private static UsageRow Row => new(
        "E", UsageKind.ConnectedSession, new DateOnly(2026, 10, 1), default, "Sam Staff", "Ann Client", "Sleep", null, null, 25, 5, null, 100);

    private static string Pounds(long pounds) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"£{pounds:N2}");

    private Task<int> ClinicAsync() => site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));

    private Task<byte[]> PdfAsync(int clinic) => site.InAsync(clinic, async services =>
    {
        var filter = new ReportFilter(new UsageMonth(2026, 10), Sessions: true, TopUps: true, UsageSort.Default);
        using var made = await services.GetRequiredService<GeneratePdf>().RunAsync(filter, "finance@clinic.example", seal: null, rowsDone: null, CancellationToken.None);
        return await File.ReadAllBytesAsync(made.File.Path);
    });
}
