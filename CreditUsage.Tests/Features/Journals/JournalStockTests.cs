using System.Globalization;
using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Core.Closing;
using CreditUsage.Domain.Months;
using CreditUsage.Tests.Features.Credits;
using CreditUsage.Tests.Features.Savings;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Journals;

/// <summary>The journal and the stock of unused credits, first in, first out. A credit costs 45p in the report.</summary>
public sealed class JournalStockTests
{
    private const string October = "/usage-report/accounting?year=2026&month=10";

    /// <summary>
    /// 10 credits were bought for £2.00 (33p VAT) and 3 given; September used 4. October bought 7 for £5.00 (83p VAT), used 9 and adjusted 1 away: the 6 left of the
    /// first, the 3 given and 1 of the last are gone.
    /// Left at the end of September are 6 of 10, 200p x 6 / 10 = 120p with 33p x 6 / 10 = 19.8p VAT; of October 6 of 7, 500p x 6 / 7 = 428.6p with 83p x 6 / 7 = 71.1p VAT.
    /// </summary>
    [Theory]
    [InlineData("CostWithVat", 120, 500, 429)]
    [InlineData("CostWithoutVat", 120 - 20, 500 - 83, 429 - 71)]
    public async Task By_cost_the_journal_credits_what_first_in_first_out_takes_and_the_difference_has_its_own_account(string basis, long opening, long bought, long closing)
    {
        await using var clinic = await FilledAsync();
        await NameAsync(clinic, basis, "505");
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var page = await finance.PageAsync(October);

        // £4.05 by the report: 8 credits of sessions and one top-up at 45p.
        var taken = opening + bought - closing;
        Assert.Equal([("400", 360L), ("401", 45L), ("505", taken - 405), ("620", -taken)], Lines(page));
        Assert.Equal(0, Lines(page).Sum(line => line.Pence));
        Assert.Equal([opening, bought, -taken, closing], Bridge(page, "opening", "bought", "credited", "closing"));
        Assert.Null(page.QuerySelector("[data-bridge-difference]"));
        Assert.Contains($",620,No VAT,-{taken / 100m:0.00},", await finance.Http.GetStringAsync("/usage-report/accounting/xero?year=2026&month=10"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_the_reports_cost_the_bridge_from_the_journal_to_the_stock_adds_up_to_the_penny()
    {
        await using var clinic = await FilledAsync();
        await NameAsync(clinic, "ReportPrice", "");
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var page = await finance.PageAsync(October);

        Assert.Equal([("400", 360L), ("401", 45L), ("620", -405L)], Lines(page));
        // 191p left the stock, as 120p + 500p - 429p: 214p less than the report's 405p.
        Assert.Equal([120L, 500, -405, 214, 429], Bridge(page, "opening", "bought", "credited", "difference", "closing"));
    }

    [Theory]
    [InlineData("CostWithVat")]
    [InlineData("CostWithoutVat")]
    public async Task Month_after_month_the_account_of_unused_credits_is_the_stock_whatever_comes_late_and_is_taken_back(string basis)
    {
        await using var clinic = await FilledAsync(new Site { ChangeServices = QuickEngine.AddTo });
        await NameAsync(clinic, basis, "505");
        var net = basis == "CostWithoutVat";
        // September closes; then a purchase of it comes late, one is taken back, and a session of it never was.
        for (var month = new UsageMonth(2026, 1); month <= new UsageMonth(2026, 9); month = month.Next)
            await clinic.InAsync(services => services.GetRequiredService<CloseMonth>().RunAsync(month, "Closed", CancellationToken.None));
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Purchase("2026-09-15", 1, 11, 333, 55, "A-4"));
        await clinic.Site.TakeBackAsync(clinic.Clinic, (await clinic.Site.EntriesAsync(clinic.Clinic)).Single(entry => entry.InvoiceNumber == "A-1").Id);
        await clinic.ReverseAsync("S0");
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Purchase("2026-11-02", 2, 10, 1999, 333, "A-5"));
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Adjustment("2026-11-03", 2));
        await clinic.ImportAsync(CsvRow.Session("N1", "2026-11-04T09:00:00Z", minutes: 60), CsvRow.Session("N2", "2026-11-05T09:00:00Z", minutes: 15));
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);
        // What was paid by the month that shows it, less the VAT where it is reclaimed.
        (int Month, long Paid, long Vat)[] paid = [(9, 200, 33), (10, 500 + 333 - 200, 83 + 55 - 33), (11, 1999, 333)];

        var account = 0L;
        foreach (var (month, pounds, vat) in paid)
        {
            var page = await finance.PageAsync($"/usage-report/accounting?year=2026&month={month}");
            account += pounds - (net ? vat : 0) + Lines(page).Where(line => line.Account == "620").Sum(line => line.Pence);
            Assert.Equal(Bridge(page, "closing").Single(), account);
            Assert.Equal(Pence(page.QuerySelector("[data-unused-pence]")!, "data-unused-pence") - (net ? page.QuerySelectorAll("[data-layer]").Sum(layer => VatOf(layer)) : 0), account);
            Assert.Equal(0, Lines(page).Sum(line => line.Pence));
        }
        Assert.True(account > 0);
    }

    [Fact]
    public async Task By_cost_nothing_is_booked_while_more_was_used_than_came_in()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Purchase("2026-10-01", 1, 2, 90, 15, "A-1"));
        await clinic.ImportAsync(CsvRow.Session("S1", "2026-10-02T09:00:00Z", minutes: 25));
        await NameAsync(clinic, "CostWithVat", "505");
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        Assert.StartsWith("3 credits were used beyond those bought", (await finance.PageAsync(October)).QuerySelector("[data-refused=journal]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await finance.GetAsync("/usage-report/accounting/sage?year=2026&month=10")).StatusCode);
    }

    [Theory]
    [InlineData("CostWithVat", "", "Enter the differences account.", "DifferencesAccount")]
    [InlineData("CostWithoutVat", "620", "620 is already the unused credits account. Enter another differences account.", "DifferencesAccount")]
    [InlineData("Half", "505", "Choose what to credit the unused credits account with.", "Basis-ReportPrice")]
    public async Task A_choice_that_cannot_be_booked_is_refused(string basis, string differences, string message, string field)
    {
        await using var clinic = await InsightSite.OpenAsync();
        using var administrator = await Visitor.SignedInAsync(clinic.Site, InsightSite.Administrator);

        using var answer = await administrator.PostAsync(October, October, Form(basis, differences));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var link = (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary a")!;
        Assert.Equal((message, $"#{field}"), (link.TextContent, link.GetAttribute("href")));
    }

    [Fact]
    public async Task Accounts_of_an_earlier_version_that_name_one_twice_make_no_journal()
    {
        await using var clinic = await FilledAsync();
        await NameAsync(clinic, "ReportPrice", "");
        await clinic.TamperAsync($"UPDATE AccountMappings SET PrepaidAccount = '400'");
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        Assert.StartsWith("400 is already the connected sessions account.", (await finance.PageAsync(October)).QuerySelector("[data-refused=journal]")!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<InsightSite> FilledAsync(Site? site = null)
    {
        var clinic = await InsightSite.OpenAsync(site);
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Purchase("2026-09-01", 1, 10, 200, 33, "A-1"));
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Grant("2026-09-03", 3));
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Purchase("2026-10-01", 1, 7, 500, 83, "A-2"));
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Adjustment("2026-10-05", -1));
        await clinic.ImportAsync(
            CsvRow.Session("S0", "2026-09-10T09:00:00Z", minutes: 20), CsvRow.Session("S1", "2026-10-01T09:00:00Z", minutes: 15),
            CsvRow.Session("S2", "2026-10-02T09:00:00Z", minutes: 25), CsvRow.TopUp("T1", "2026-10-03"));
        return clinic;
    }

    private static async Task NameAsync(InsightSite clinic, string basis, string differences)
    {
        using var administrator = await Visitor.SignedInAsync(clinic.Site, InsightSite.Administrator);
        using var answer = await administrator.PostAsync(October, October, Form(basis, differences));
        Assert.Equal(October, answer.Headers.Location?.OriginalString);
    }

    private static Dictionary<string, string> Form(string basis, string differences) => new()
    {
        ["SessionsAccount"] = "400",
        ["TopUpsAccount"] = "401",
        ["PrepaidAccount"] = "620",
        ["DifferencesAccount"] = differences,
        ["Basis"] = basis,
        ["TaxCode"] = "",
    };

    private static List<(string Account, long Pence)> Lines(IHtmlDocument page) =>
        [.. page.QuerySelectorAll("[data-line-pence]").Select(line => (line.Children[0].TextContent, Pence(line, "data-line-pence")))];

    private static List<long> Bridge(IHtmlDocument page, params string[] lines) => [.. lines.Select(line => Pence(page.QuerySelector($"[data-bridge-{line}]")!, $"data-bridge-{line}"))];

    private static long VatOf(IElement layer) => (long)(decimal.Parse(layer.LastElementChild!.TextContent, NumberStyles.Currency, CultureInfo.GetCultureInfo("en-GB")) * 100);

    private static long Pence(IElement element, string attribute) => long.Parse(element.GetAttribute(attribute)!, CultureInfo.InvariantCulture);
}
