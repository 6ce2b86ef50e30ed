using System.Net;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Core.Paper;

/// <summary>The PDF of real and awkward input, made by the real engine and read back.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class PdfReportTests(Clinics clinics)
{
    private const string September = "/usage-report/pdf?year=2026&month=9&sessions=true&topUps=true";

    [Fact]
    public async Task Every_amount_is_on_paper_and_every_page_is_headed_and_numbered()
    {
        var rows = SharedData.Rows(SharedData.Awkward).Where(row => row[2].StartsWith("2026-09-", StringComparison.Ordinal)).ToList();
        var totals = SharedData.Totals("usage-awkward-totals.csv").Where(total => total.Month == "2026-09").Select(total => total.CostPence).ToList();
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);

        using var answer = await finance.GetAsync(September);
        using var pdf = PdfRead.Open(await answer.Content.ReadAsByteArrayAsync());

        var expected = rows.Select(row => "£" + row[12]).Concat(totals.Append(totals.Sum()).Select(Pounds));
        Assert.Equal(expected.Order(StringComparer.Ordinal), pdf.Amounts());
        Assert.True(pdf.NumberOfPages > 1);
        Assert.All(pdf.GetPages(), page => Assert.Contains($"Page{page.Number}of{pdf.NumberOfPages}", page.Dense(), StringComparison.Ordinal));
        Assert.Equal(pdf.NumberOfPages - 1, pdf.RowPages().Count());
        Assert.All(pdf.RowPages(), page =>
        {
            Assert.Contains("Date(GMT)KindStaffmemberClientProgramDurationCreditsCost(GBP)", page.Dense(), StringComparison.Ordinal);
            Assert.Contains("Awkward&<Sons>,September2026(Draft)-", page.Dense(), StringComparison.Ordinal);
            Assert.Equal((595, 842), ((int)page.Width, (int)page.Height));
        });
    }

    [Fact]
    public async Task Sessions_are_dark_red_and_top_ups_dark_green_and_both_say_what_they_are()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);
        using var answer = await finance.GetAsync(September);
        using var pdf = PdfRead.Open(await answer.Content.ReadAsByteArrayAsync());

        var red = string.Concat(pdf.RowPages().Select(page => page.Dense((0x8B, 0, 0))));
        var green = string.Concat(pdf.RowPages().Select(page => page.Dense((0, 0x64, 0))));

        var expected = SharedData.Totals("usage-awkward-totals.csv").Where(total => total.Month == "2026-09").ToDictionary(total => total.Kind, total => total.Events);
        Assert.Equal((expected["connected-session"], 0), (Count(red, "Connectedsession"), Count(red, "Dailytop-up")));
        Assert.Equal((0, expected["daily-top-up"]), (Count(green, "Connectedsession"), Count(green, "Dailytop-up")));
    }

    [Fact]
    public async Task The_file_says_what_it_is()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);
        using var answer = await finance.GetAsync(September);
        using var pdf = PdfRead.Open(await answer.Content.ReadAsByteArrayAsync());

        Assert.Equal("Credit Usage Report 2026-09", pdf.Information.Title);
        Assert.StartsWith("Credit usage, September 2026", pdf.Information.Subject, StringComparison.Ordinal);
        Assert.Contains("20261122120000", pdf.Information.CreationDate, StringComparison.Ordinal);
        Assert.Equal("application/pdf", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("Credit Usage Report 2026-09.pdf", answer.Content.Headers.ContentDisposition!.FileNameStar);
    }

    [Fact]
    public async Task A_month_without_usage_is_a_page_that_adds_up_to_nothing()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.EmptyFinance);
        using var answer = await finance.GetAsync(September);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var pdf = PdfRead.Open(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal((2, 1), (pdf.NumberOfPages, pdf.RowPages().Count()));
        Assert.Equal(["£0.00", "£0.00", "£0.00"], pdf.Amounts());
    }

    private static string Pounds(long pence) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"£{pence / 100m:N2}");

    private static int Count(string text, string word) => text.Split(word).Length - 1;
}
