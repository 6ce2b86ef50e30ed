using System.Globalization;
using System.Net;
using System.Text;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using UglyToad.PdfPig.Outline;
using static CreditUsage.Tests.Core.Report.RealUsage;

namespace CreditUsage.Tests.Core.Paper;

/// <summary>The first page of a report's PDF, made by the real engine and read back by other code.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class SummaryPageTests(Clinics clinics)
{
    private const string September = "?year=2026&month=9&sessions=true&topUps=true";

    [Fact]
    public async Task It_sums_the_month_up_in_figures_and_pictures()
    {
        var (rows, totals) = (Of("2026-09"), SharedData.Totals("usage-totals.csv").Where(total => total.Month == "2026-09").ToDictionary(total => total.Kind));
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var pdf = PdfRead.Open(await PdfAsync(finance, September));
        var page = pdf.GetPage(1).Dense();

        Assert.StartsWith($"Page1of{pdf.NumberOfPages}RealClinicCreditUsageReportSeptember2026-connectedsessionsanddailytop-upsDRAFT", page, StringComparison.Ordinal);
        var (sessions, topUps) = (totals["connected-session"], totals["daily-top-up"]);
        Assert.Contains($"Connectedsessions{Number(sessions.Events)}{Number(rows.Where(row => row[Kind] == "connected-session").Sum(row => long.Parse(row[10], CultureInfo.InvariantCulture)))}minutes{Number(sessions.Credits)}{Pounds(sessions.CostPence)}", page, StringComparison.Ordinal);
        Assert.Contains($"Dailytop-ups{Number(topUps.Events)}{Number(topUps.Events)}days{Number(topUps.Credits)}{Pounds(topUps.CostPence)}", page, StringComparison.Ordinal);
        Assert.Contains($"Total{Number(rows.Count)}{Number(CreditsOf(rows))}{Pounds(Pence(rows))}", page, StringComparison.Ordinal);
        Assert.Contains("Costbymonth", page, StringComparison.Ordinal);
        Assert.All(["Sept25", "Oct25", "Aug26", "Sept26"], month => Assert.Contains(month, page, StringComparison.Ordinal));
        Assert.DoesNotContain("Aug25", page, StringComparison.Ordinal);
        Assert.Contains("Costbyday,September2026", page, StringComparison.Ordinal);
        Assert.EndsWith($"{Dearest(rows, StaffName, "Deareststaffmembers")}{Dearest(rows, Report.RealUsage.Program, "Dearestprograms")}NotsavedThiscopyhasnonumberandcannotbeverified.Printedby{Clinics.Finance},22/11/202612:00GMT", page, StringComparison.Ordinal);
        Assert.Equal(2, pdf.RowPages().First().Number);
    }

    [Fact]
    public async Task The_days_have_subtotals_the_pages_running_totals_and_the_file_bookmarks_and_a_language()
    {
        var rows = Of("2026-09");
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var bytes = await PdfAsync(finance, September);
        using var pdf = PdfRead.Open(bytes);

        var days = rows.GroupBy(row => row[OccurredAt][..10]).OrderBy(day => day.Key, StringComparer.Ordinal).Select(day => (Day: DateOnly.Parse(day.Key, CultureInfo.InvariantCulture).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture), Pence: Pence(day))).ToList();
        Assert.Equal(days.Select(day => (day.Day, Pounds(day.Pence))), pdf.DayTotals());
        var running = pdf.RunningTotals();
        Assert.Equal(pdf.NumberOfPages - 1, running.Count);
        Assert.Null(running[^1]);
        // A page that ends with a day's subtotal shows the sum of the days so far.
        var pages = pdf.RowPages().Select(page => page.Dense()).ToList();
        for (var page = 0; page < pages.Count - 1; page++)
        {
            var ended = days.TakeWhile(day => pages.Take(page + 1).Any(text => text.Contains($"Totalof{day.Day}:", StringComparison.Ordinal))).Sum(day => day.Pence);
            var next = days.SkipWhile(day => pages.Take(page + 1).Any(text => text.Contains($"Totalof{day.Day}:", StringComparison.Ordinal))).First().Pence;
            Assert.InRange(PenceOf(running[page]!), ended, ended + next);
        }
        Assert.Contains("/Lang (en-GB)", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        Assert.True(pdf.TryGetBookmarks(out var bookmarks));
        var found = bookmarks.GetNodes().OfType<DocumentBookmarkNode>().ToList();
        Assert.Equal(days.Select(day => day.Day).Prepend("Summary"), found.Select(bookmark => bookmark.Title));
        Assert.All(found.Skip(1), bookmark => Assert.Contains(bookmark.Title, pdf.GetPage(bookmark.PageNumber).Dense(), StringComparison.Ordinal));
        Assert.Equal(found.Select(bookmark => bookmark.PageNumber).Order(), found.Select(bookmark => bookmark.PageNumber));
    }

    [Fact]
    public async Task A_month_in_progress_says_so_and_a_filtered_one_shows_the_figures_of_its_rows()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var running = PdfRead.Open(await PdfAsync(finance, September.Replace("month=9", "month=11", StringComparison.Ordinal)));
        Assert.Contains("INPROGRESSThemonthisnotover:thefiguresareasat22/11/202612:00GMT.", running.GetPage(1).Dense(), StringComparison.Ordinal);

        var rows = Of("2026-09").Where(row => row[Kind] == "connected-session").GroupBy(row => row[StaffId]).MaxBy(Pence)!;
        using var filtered = PdfRead.Open(await PdfAsync(finance, $"?year=2026&month=9&sessions=true&staff={rows.Key}"));
        var page = filtered.GetPage(1).Dense();
        Assert.Contains($"Filtered:thefiguresandchartsareoftherowsonthesepagesonly.Staffmember:{rows.First()[StaffName].Replace(" ", "", StringComparison.Ordinal)}", page, StringComparison.Ordinal);
        Assert.Contains($"Total{Number(rows.Count())}{Number(CreditsOf(rows))}{Pounds(Pence(rows))}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Dailytop-ups", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_left_out_and_names_no_programs_where_they_are_hidden()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var page = await finance.PageAsync("/usage-report" + September + "&summary=none");
        Assert.True(page.QuerySelector("#summary")!.HasAttribute("checked"));
        Assert.All(["form#save-pdf", "form.save-view"], form => Assert.Contains("summary=none", page.QuerySelector(form)!.GetAttribute("action"), StringComparison.Ordinal));
        using var refused = await finance.GetAsync("/usage-report/pdf" + September + "&summary=no");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);

        using var plain = PdfRead.Open(await PdfAsync(finance, September + "&summary=none"));
        Assert.Contains("Date(GMT)", plain.GetPage(1).Dense(), StringComparison.Ordinal);

        using var copy = PdfRead.Open(await PdfAsync(finance, September + "&copy=accountant&programs=hidden"));
        Assert.Equal(plain.NumberOfPages + 1, copy.NumberOfPages);
        Assert.Contains("Deareststaffmembers", copy.GetPage(1).Dense(), StringComparison.Ordinal);
        Assert.DoesNotContain("Dearestprograms", copy.GetPage(1).Dense(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saved_one_has_its_number_draft_and_checksum_and_is_made_anew_when_another_months_bar_has_changed()
    {
        var clinic = await clinics.Site.SubscriptionAsync("Summed and kept", new DateOnly(2026, 8, 1));
        await clinics.Site.UserAsync(clinic, "finance@summed.example", Roles.FinanceAdministrator);
        await clinics.Site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-09-01T09:30:00Z"));
        using var finance = await Visitor.SignedInAsync(clinics.Site, "finance@summed.example");

        var (plain, first) = (await SavedAsync(finance, "&summary=none"), await SavedAsync(finance, ""));
        Assert.Equal(first, await SavedAsync(finance, ""));
        await clinics.Site.ImportRowsAsync(clinic, CsvRow.Session("E2", "2026-08-01T09:30:00Z", cost: "1.50"));
        var second = await SavedAsync(finance, "");

        Assert.Equal(plain, await SavedAsync(finance, "&summary=none"));
        Assert.Equal(3, new[] { plain, first, second }.Distinct().Count());
        using var pdf = PdfRead.Open(await finance.Http.GetByteArrayAsync(new Uri(second + "/download", UriKind.Relative)));
        var about = XlsxRead.Open(await finance.Http.GetByteArrayAsync(new Uri("/usage-report/xlsx" + September, UriKind.Relative)), "About").Column('B', 1, 20);
        // No price is set: the drawings are of credits.
        var page = pdf.GetPage(1).Dense();
        Assert.Contains("Creditsbymonth", page, StringComparison.Ordinal);
        Assert.Contains("Priceofacredit:–Thecostiswithheld:1eventhasnocreditprice.", page, StringComparison.Ordinal);
        Assert.Contains("ThestaffmemberswithmostcreditsSamStaff5Theprogramswithmostcredits", page, StringComparison.Ordinal);
        Assert.Contains($"Report3,draft2Checksumoftherows:{about.Single(value => value?.Length == 64)![..16]}…", page, StringComparison.Ordinal);
        Assert.Contains(", without summary", (await finance.PageAsync("/saved-reports")).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_site_knows_its_address_a_saved_one_has_a_code_that_leads_to_where_it_is_verified()
    {
        await using var site = new Site().With("CreditUsage:PublicUrl", "https://credits.example/clinic");
        var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z", cost: "1.00"));
        Assert.Contains("Scanthecode,oropenhttps://credits.example/clinic/verify,toverifythisfile.Report7,version2", await FirstPageAsync(new ReportNumber(7, 2, Draft: false)), StringComparison.Ordinal);
        Assert.DoesNotContain("credits.example", await FirstPageAsync(seal: null), StringComparison.Ordinal);

        Task<string> FirstPageAsync(ReportNumber? seal) => site.InAsync(clinic, async services =>
        {
            using var made = await services.GetRequiredService<GeneratePdf>().RunAsync(ReportFilter.Whole(new UsageMonth(2026, 10)), "test", seal, rowsDone: null, CancellationToken.None);
            using var pdf = PdfRead.Open(await File.ReadAllBytesAsync(made.File.Path));
            return pdf.GetPage(1).Dense();
        });
    }

    private static string Dearest(IEnumerable<string[]> rows, int name, string title) => title + string.Concat(rows.GroupBy(row => row[name]).Select(own => (own.Key, Pence: Pence(own)))
        .OrderByDescending(own => own.Pence).Take(5).Select(own => own.Key.Replace(" ", "", StringComparison.Ordinal) + Pounds(own.Pence)));

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static long PenceOf(string pounds) => (long)(decimal.Parse(pounds[1..], CultureInfo.InvariantCulture) * 100);

    private static async Task<string> SavedAsync(Visitor visitor, string extra)
    {
        using var answer = await visitor.PostAsync("/usage-report" + September, "/usage-report/pdf" + September + extra);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Content.Headers.ContentLocation!.ToString();
    }

    private static async Task<byte[]> PdfAsync(Visitor visitor, string query)
    {
        using var answer = await visitor.GetAsync("/usage-report/pdf" + query);
        Assert.True(answer.IsSuccessStatusCode, (await Visitor.ReadAsync(answer)).QuerySelector("[data-problem]")?.TextContent);
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
