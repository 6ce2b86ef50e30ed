using System.Globalization;
using System.Net;
using AngleSharp.Html.Dom;
using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Billback;

/// <summary>A month shared out among those who are billed for it: every row is somebody's once, or nobody's, and all of it adds up.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class BillbackTests(Clinics clinics)
{
    private const string September = "/usage-report/billback?year=2026&month=9&sessions=true&topUps=true";

    // Fields of the file.
    private const int OccurredAt = 2;
    private const int StaffId = 3;
    private const int ClientId = 5;
    private const int Program = 7;
    private const int Cost = 12;

    [Theory]
    [InlineData("staff", StaffId)]
    [InlineData("client", ClientId)]
    [InlineData("program", Program)]
    public async Task The_groups_are_what_the_file_adds_up_to_and_nobodys_cost_is_a_line_of_its_own(string by, int field)
    {
        var rows = SharedData.Rows(SharedData.Usage).Where(row => row[OccurredAt].StartsWith("2026-09", StringComparison.Ordinal)).ToList();
        var expected = rows.Where(row => row[field].Length > 0).GroupBy(row => row[field]).Select(Pence).Order();
        var nobody = rows.Where(row => row[field].Length == 0).GroupBy(_ => "").Select(Pence);
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);

        var page = await finance.PageAsync($"{September}&by={by}");

        Assert.Equal(expected, Shown(page, "owner").Order());
        Assert.Equal(nobody, Shown(page, "nobody"));
        Assert.Equal(rows.Sum(row => PenceOf(row)), long.Parse(page.QuerySelector("tr[data-total=all]")!.GetAttribute("data-cost-pence")!, CultureInfo.InvariantCulture));
        Assert.Contains(by == "client" ? "Shared cards belong to no client" : "Each event is billed to", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_PDF_has_a_group_of_pages_for_each_with_its_subtotal_and_is_kept_as_a_billback()
    {
        var rows = SharedData.Rows(SharedData.Usage).Where(row => row[OccurredAt].StartsWith("2026-09", StringComparison.Ordinal)).ToList();
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var answer = await finance.PostAsync(September, $"{September}&by=client");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        using var file = await finance.GetAsync(answer.Headers.Location!.OriginalString);
        Assert.Equal("Credit Usage Billback 2026-09 - by client.pdf", file.Content.Headers.ContentDisposition!.FileNameStar);

        using var pdf = PdfRead.Open(await file.Content.ReadAsByteArrayAsync());
        var pages = pdf.GetPages().Select(page => page.Dense()).ToList();
        var groups = rows.GroupBy(row => row[ClientId]).ToList();
        var summaries = pages.TakeWhile(page => !page.Contains("Client:", StringComparison.Ordinal)).Count();
        Assert.Equal(groups.Count, pages.Skip(summaries).Select(page => page[page.IndexOf("Client:", StringComparison.Ordinal)..page.IndexOf("RealClinic", StringComparison.Ordinal)]).Distinct().Count());
        Assert.Equal(groups.Count, pages.Count(page => page.Contains("Subtotal:", StringComparison.Ordinal)));
        Assert.Equal(groups.Select(group => Pounds(Pence(group))).Order(), pages.Where(page => page.Contains("Subtotal:", StringComparison.Ordinal)).Select(Subtotal).Order());
        var total = Pounds(rows.Sum(PenceOf));
        Assert.Contains(total, pages[summaries - 1], StringComparison.Ordinal);
        Assert.All(pages.Skip(summaries), page => Assert.DoesNotContain("Totalofeverybody", page, StringComparison.Ordinal));
        for (var i = 0; i < pages.Count; i++) Assert.Contains($"Page{i + 1}of{pages.Count}", pages[i], StringComparison.Ordinal);

        var id = Guid.Parse(answer.Headers.Location.OriginalString.Split('/')[2]);
        var saved = await clinics.Site.InAsync(clinics.Real, services => services.GetRequiredService<CreditUsageDb>().SavedReports.SingleAsync(report => report.Id == id));
        Assert.Equal((ReportType.Billback, "by=client", 1, rows.Count), (saved.Form, saved.Variant, saved.Version, saved.Events));
    }

    [Fact]
    public async Task One_who_was_renamed_is_one_and_two_of_the_same_name_are_two()
    {
        var clinic = await clinics.Site.SubscriptionAsync("Billed", new DateOnly(2026, 1, 1));
        await clinics.Site.UserAsync(clinic, "finance@billed.example", Roles.FinanceAdministrator);
        await clinics.Site.ImportRowsAsync(
            clinic,
            CsvRow.Line("E1", "connected-session", "2026-09-01T09:00:00Z", "S1", "Mary Miller", "C1", "Ann", "Sleep", "", "", "5", "1", "1.00"),
            CsvRow.Line("E2", "connected-session", "2026-09-02T09:00:00Z", "S1", "Mary Mason", "C1", "Ann", "Sleep", "", "", "5", "1", "2.00"),
            CsvRow.Line("E3", "connected-session", "2026-09-03T09:00:00Z", "S2", "Jo King", "C1", "Ann", "Sleep", "", "", "5", "1", "4.00"),
            CsvRow.Line("E4", "connected-session", "2026-09-04T09:00:00Z", "S3", "Jo King", "C1", "Ann", "Sleep", "", "", "5", "1", "8.00"));
        using var finance = await Visitor.SignedInAsync(clinics.Site, "finance@billed.example");
        var page = await finance.PageAsync($"{September}&by=staff");
        Assert.Equal(
            ["Jo King (S2) 400", "Jo King (S3) 800", "Mary Mason 300"],
            page.QuerySelectorAll("tr[data-billback]").Select(row => $"{row.QuerySelector("th")!.TextContent} {row.GetAttribute("data-cost-pence")}"));
    }

    [Theory]
    [InlineData("staff")]
    [InlineData("client")]
    [InlineData("program")]
    public async Task An_accountants_copy_names_no_client_and_no_hidden_program(string by)
    {
        var rows = SharedData.Rows(SharedData.Usage).Where(row => row[OccurredAt].StartsWith("2026-09", StringComparison.Ordinal)).ToList();
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var page = await finance.PageAsync($"{September}&copy=accountant&programs=hidden&by={by}");
        var text = string.Join('|', page.QuerySelectorAll("tr[data-billback] th").Select(title => title.TextContent));
        Assert.NotEmpty(text);
        Assert.All(rows.Select(row => row[Program]).Distinct(), program => Assert.DoesNotContain(program, text, StringComparison.Ordinal));
        var staff = rows.Select(row => row[StaffId + 1]).ToHashSet(StringComparer.Ordinal);
        Assert.All(rows.Select(row => row[ClientId + 1]).Distinct().Where(client => client.Length > 0 && !staff.Contains(client)), client => Assert.DoesNotContain(client, text, StringComparison.Ordinal));
        Assert.Equal(rows.Sum(PenceOf), Shown(page, "owner").Concat(Shown(page, "nobody")).Sum());
    }

    [Fact]
    public async Task Names_that_are_wider_than_they_look_come_out_with_their_figures()
    {
        var clinic = await clinics.Site.SubscriptionAsync("Wide", new DateOnly(2026, 1, 1));
        await clinics.Site.UserAsync(clinic, "finance@wide.example", Roles.FinanceAdministrator);
        string[] names = [new('⸻', 10), new('﷽', 10), string.Concat(Enumerable.Repeat("\U0001242B", 8)), new('1', 50), "01/09/2026", "£1.00"];
        await clinics.Site.ImportRowsAsync(clinic, [.. names.Select((name, i) => CsvRow.Session($"W{i}", "2026-09-01T09:00:00Z", cost: "1.25", client: name, staff: name, program: name))]);
        using var finance = await Visitor.SignedInAsync(clinics.Site, "finance@wide.example");
        using var answer = await finance.PostAsync(September, $"{September}&by=program");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        using var file = await finance.GetAsync(answer.Headers.Location!.OriginalString);
        using var pdf = PdfRead.Open(await file.Content.ReadAsByteArrayAsync());
        // In the summary, as a row and as a subtotal.
        Assert.Equal(names.Length * 3, pdf.Amounts().Count(amount => amount == "£1.25"));
    }

    [Theory]
    [InlineData("&by=nobody")]
    [InlineData("&by=")]
    public async Task Whom_nobody_knows_is_refused_in_words(string by)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var answer = await finance.GetAsync(September + by);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("staff members, clients or programs", (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_month_without_usage_has_nobody_to_bill()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.EmptyFinance);
        var page = await finance.PageAsync(September);
        Assert.Contains("nothing to bill", page.QuerySelector(".nothing")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("main form[method=post]"));
    }

    private static IEnumerable<long> Shown(IHtmlDocument page, string whose) =>
        page.QuerySelectorAll($"tr[data-billback={whose}]").Select(row => long.Parse(row.GetAttribute("data-cost-pence")!, CultureInfo.InvariantCulture));

    private static long Pence(IGrouping<string, string[]> rows) => rows.Sum(PenceOf);

    private static long PenceOf(string[] row) => (long)(decimal.Parse(row[Cost], CultureInfo.InvariantCulture) * 100);

    private static string Pounds(long pence) => (pence / 100m).ToString("£#,##0.00", CultureInfo.InvariantCulture);

    /// <summary>The amount that follows the word; the row's number of credits stands between them.</summary>
    private static string Subtotal(string page)
    {
        var amount = page.IndexOf('£', page.IndexOf("Subtotal:", StringComparison.Ordinal));
        return page[amount..(page.IndexOf('.', amount) + 3)];
    }
}
