using System.Globalization;
using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Credits;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Features.Credits;
using CreditUsage.Tests.Features.Savings;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Journals;

/// <summary>A month for the books.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class AccountingTests(Clinics clinics)
{
    private const string October = "?year=2026&month=10";
    private const string Page = "/usage-report/accounting" + October;

    /// <summary>A session of 3 credits, one of 5, and a top-up, at 45p each: £3.60 and £0.45.</summary>
    private static readonly string[] Usage = [CsvRow.Session("S1", "2026-10-01T09:00:00Z", minutes: 11), CsvRow.Session("S2", "2026-10-02T09:00:00Z", minutes: 25), CsvRow.TopUp("T1", "2026-10-03")];

    [Theory]
    [InlineData("xero", "*Narration,*Date,Description,*AccountCode,*TaxRate,*Amount,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2\r\n"
        + "Credit usage October 2026,31/10/2026,Connected sessions October 2026,400,No VAT,3.60,,,,\r\n"
        + "Credit usage October 2026,31/10/2026,Daily top-ups October 2026,401,No VAT,0.45,,,,\r\n"
        + "Credit usage October 2026,31/10/2026,Credits used October 2026,620,No VAT,-4.05,,,,\r\n")]
    [InlineData("quickbooks", "Journal No.,Journal Date,Account Name,Description,Debits,Credits\r\n"
        + "CU-2026-10,31/10/2026,400,Connected sessions October 2026,3.60,\r\n"
        + "CU-2026-10,31/10/2026,401,Daily top-ups October 2026,0.45,\r\n"
        + "CU-2026-10,31/10/2026,620,Credits used October 2026,,4.05\r\n")]
    [InlineData("sage", "Type,Account Reference,Nominal A/C Ref,Department Code,Date,Reference,Details,Net Amount,Tax Code,Tax Amount\r\n"
        + "JD,,400,0,31/10/2026,CU-2026-10,Connected sessions October 2026,3.60,T9,0.00\r\n"
        + "JD,,401,0,31/10/2026,CU-2026-10,Daily top-ups October 2026,0.45,T9,0.00\r\n"
        + "JC,,620,0,31/10/2026,CU-2026-10,Credits used October 2026,4.05,T9,0.00\r\n")]
    public async Task The_journal_is_in_the_systems_own_format_and_balances(string system, string expected)
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync(Usage);
        await NameAsync(clinic, "400", "401", "620");
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        using var answer = await finance.GetAsync($"/usage-report/accounting/{system}{October}");

        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal($"Credit Usage Journal 2026-10 {system}.csv", answer.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal(expected, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_page_shows_the_journal_that_the_files_hold_and_another_tax_code_goes_into_them()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync(Usage);
        await NameAsync(clinic, "400", "401", "620", "Zero Rated Expenses");
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var page = await finance.PageAsync(Page);

        Assert.Equal(["360", "45", "-405"], page.QuerySelectorAll("[data-line-pence]").Select(line => line.GetAttribute("data-line-pence")));
        Assert.Contains("£4.05", page.QuerySelector("table.accounting tfoot")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(",400,Zero Rated Expenses,3.60,", await finance.Http.GetStringAsync("/usage-report/accounting/xero" + October), StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector("#SessionsAccount"));
    }

    [Fact]
    public async Task A_month_that_takes_more_back_than_it_uses_is_booked_the_other_way_about()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync(CsvRow.Session("S1", "2026-09-01T09:00:00Z", minutes: 25), CsvRow.TopUp("T1", "2026-10-03"));
        await clinic.CloseAsync(new UsageMonth(2026, 9));
        await clinic.ReverseAsync("S1");
        await NameAsync(clinic, "Sessions", "Top-ups", "Prepaid");
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var lines = (await finance.Http.GetStringAsync("/usage-report/accounting/quickbooks" + October)).Split("\r\n")[1..^1];

        Assert.Equal(["Top-ups|0.45|", "Prepaid|1.80|", "Sessions||2.25"], lines.Select(line => line.Split(',')).Select(field => $"{field[2]}|{field[4]}|{field[5]}"));
    }

    [Fact]
    public async Task What_was_bought_first_is_used_first_and_what_is_left_costs_its_part()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Purchase("2026-09-01", 1, 4, 200, 33, "A-1"));
        var twice = await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Purchase("2026-09-02", 1, 100, 9900, 0, "A-1b"));
        await clinic.Site.TakeBackAsync(clinic.Clinic, twice.Id);
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Grant("2026-09-03", 3));
        var last = await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Purchase("2026-10-01", 1, 7, 500, 83, "A-2"));
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Adjustment("2026-10-05", -1));
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Purchase("2026-11-01", 1, 50, 2500, 0, "A-3"));
        await clinic.ImportAsync(Usage);
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var page = await finance.PageAsync(Page);

        // 4 + 3 + 7 came in, 9 were used and 1 was adjusted away: 4 of the last 7 are left, and 500p x 4 / 7 is 285.7p.
        var layer = Assert.Single(page.QuerySelectorAll("[data-layer]"));
        Assert.Equal(($"{last.Id}", "4", "286"), (layer.GetAttribute("data-layer"), layer.GetAttribute("data-left"), layer.GetAttribute("data-pence")));
        var total = page.QuerySelector("[data-unused-credits]")!;
        var statement = await clinic.Site.StatementAsync(clinic.Clinic, new UsageMonth(2026, 10), StatementBasis.Service);
        Assert.Equal(4, statement.Closing);
        Assert.Equal(("4", "286"), (total.GetAttribute("data-unused-credits"), total.GetAttribute("data-unused-pence")));
    }

    [Fact]
    public async Task More_used_than_ever_came_in_is_said_instead_of_a_cost()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Grant("2026-09-03", 3));
        await clinic.ImportAsync(Usage);
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        Assert.Equal("6", (await finance.PageAsync(Page)).QuerySelector("[data-overdrawn]")!.GetAttribute("data-overdrawn"));
    }

    [Fact]
    public async Task FOCUS_has_a_row_for_each_event_whose_effective_costs_add_up_to_what_other_code_counted()
    {
        var expected = SharedData.Totals("usage-totals.csv").Where(total => total.Month == "2026-10").ToList();
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);

        var rows = await FocusAsync(finance, October);

        Assert.Equal(expected.Sum(total => total.Events), rows.Count);
        Assert.Equal(expected.Sum(total => total.CostPence), rows.Sum(row => Pence(row["EffectiveCost"])));
        Assert.Equal(expected.Sum(total => total.Credits), rows.Sum(row => long.Parse(row["x_Credits"], CultureInfo.InvariantCulture)));
        string[] mandatory =
        [
            "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodEnd",
            "ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName",
        ];
        Assert.Empty(mandatory.Except(rows[0].Keys));
        Assert.All(rows, row => Assert.Equal(("0.00", "Usage", "GBP", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"), (row["BilledCost"], row["ChargeCategory"], row["BillingCurrency"], row["BillingPeriodStart"], row["BillingPeriodEnd"])));
    }

    [Fact]
    public async Task FOCUS_bills_purchases_and_marks_what_puts_an_earlier_month_right()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync(CsvRow.Session("S0", "2026-09-01T09:00:00Z", minutes: 25));
        await clinic.CloseAsync(new UsageMonth(2026, 9));
        await clinic.ReverseAsync("S0");
        await clinic.ImportAsync(Usage);
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Purchase("2026-10-01", 1, 7, 500, 83, "A-2"));
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var rows = await FocusAsync(finance, October);

        Assert.Equal(500, rows.Sum(row => Pence(row["BilledCost"])));
        Assert.Equal(405 - 225, rows.Sum(row => Pence(row["EffectiveCost"])));
        // £5.00 for 7 credits makes no exact price for one.
        Assert.Equal(("Purchase", "7", "1", "Purchases", "5.00", "0.00"), rows.Where(row => row["BilledCost"] != "0.00")
            .Select(row => (row["ChargeCategory"], row["x_Credits"], row["PricingQuantity"], row["PricingUnit"], row["ListUnitPrice"], row["EffectiveCost"])).Single());
        Assert.Equal(("-2.25", "-5"), rows.Where(row => row["ChargeClass"] == "Correction").Select(row => (row["EffectiveCost"], row["PricingQuantity"])).Single());
        Assert.Equal(("0.45", "0.45", "11"), rows.Where(row => row["x_EventId"] == "S1").Select(row => (row["ListUnitPrice"], row["ContractedUnitPrice"], row["ConsumedQuantity"])).Single());
    }

    [Fact]
    public async Task Names_that_a_spreadsheet_would_run_are_made_text_and_clients_are_not_named()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync(CsvRow.Session("=1+1", "2026-10-01T09:00:00Z", staff: "@SUM(A1)", program: "+cmd|calc", client: "Very Secret"));
        await NameAsync(clinic, "=HYPERLINK(1)", "-2+3", "@prepaid");
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var focus = await finance.Http.GetStringAsync("/usage-report/accounting/focus" + October);
        var row = Assert.Single(await FocusAsync(finance, October));

        Assert.Equal(("'=1+1", "'@SUM(A1)", "'+cmd|calc"), (row["x_EventId"], row["x_StaffMember"], row["x_Program"]));
        Assert.DoesNotContain("Secret", focus, StringComparison.Ordinal);
        foreach (var system in new[] { "xero", "quickbooks", "sage" })
        {
            var journal = await finance.Http.GetStringAsync($"/usage-report/accounting/{system}{October}");
            Assert.Contains(",'=HYPERLINK(1),", journal, StringComparison.Ordinal);
            Assert.Contains(",'@prepaid,", journal, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_month_whose_money_is_withheld_has_no_file()
    {
        await using var clinic = await InsightSite.OpenAsync(priced: false);
        await clinic.ImportAsync(Usage);
        await NameAsync(clinic, "400", "401", "620");
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var page = await finance.PageAsync(Page);

        Assert.Contains("withheld", page.QuerySelector("[data-refused=journal]")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("main a[download]"));
        foreach (var file in new[] { "xero", "quickbooks", "sage", "focus" }) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await finance.GetAsync($"/usage-report/accounting/{file}{October}")).StatusCode);
    }

    [Fact]
    public async Task Without_accounts_or_without_usage_there_is_no_journal_and_the_page_says_what_to_do()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.EmptyFinance);

        var page = await finance.PageAsync(Page);

        Assert.Contains("Choose your accounts first", page.QuerySelector("[data-refused=journal]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await finance.GetAsync("/usage-report/accounting/xero" + October)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await finance.GetAsync("/usage-report/accounting/other" + October)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await finance.GetAsync("/usage-report/accounting/focus?year=2026&month=13")).StatusCode);
        Assert.Empty(await FocusAsync(finance, October));
    }

    [Fact]
    public async Task A_month_that_there_is_not_is_refused()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);

        using var answer = await finance.GetAsync("/usage-report/accounting?year=2026&month=12");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull((await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary a[href='#month']"));
    }

    [Fact]
    public async Task Accounts_are_named_once_for_a_subscription_and_another_sees_none_of_them()
    {
        await using var clinic = await InsightSite.OpenAsync();
        var other = await clinic.Site.SubscriptionAsync("Other Clinic", new DateOnly(2026, 1, 1));
        await clinic.Site.UserAsync(other, "administrator@other.example", Roles.Administrator);
        await NameAsync(clinic, "400", "401", "620");
        await NameAsync(clinic, "500", "501", "720", "T9");
        using var stranger = await Visitor.SignedInAsync(clinic.Site, "administrator@other.example");

        Assert.Equal("", (await stranger.PageAsync(Page)).QuerySelector<IHtmlInputElement>("#SessionsAccount")!.Value);
        Assert.Equal("500 501 720 T9 " + InsightSite.Finance, await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().AccountMappings
            .Select(mapping => $"{mapping.SessionsAccount} {mapping.TopUpsAccount} {mapping.PrepaidAccount} {mapping.TaxCode} {mapping.SetBy}").SingleAsync()));
        Assert.Contains("Setting | Accounts | Sessions: 500; top-ups: 501; unused credits: 720; tax code: T9; credited with: the report's cost; differences: none", await clinic.AuditAsync());
    }

    [Theory]
    [InlineData("", "401", "620", "SessionsAccount")]
    [InlineData("400", "  ", "620", "TopUpsAccount")]
    [InlineData("400", "401", "a\u202Eb", "PrepaidAccount")]
    [InlineData("400", "400", "620", "TopUpsAccount")]
    [InlineData("Sessions", "401", "sessions", "PrepaidAccount")]
    public async Task Accounts_that_cannot_be_kept_are_refused_and_the_form_is_as_it_was_left(string sessions, string topUps, string prepaid, string field)
    {
        using var administrator = await Visitor.SignedInAsync(clinics.Site, Clinics.Administrator);

        using var answer = await administrator.PostAsync(Page, Page, Form(sessions, topUps, prepaid, ""));
        var page = await Visitor.ReadAsync(answer);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull(page.QuerySelector($".fault-summary a[href='#{field}']"));
        Assert.NotNull(page.QuerySelector($"#{field}[aria-invalid=true]"));
        Assert.Equal([sessions, topUps.Trim(), prepaid], new[] { "SessionsAccount", "TopUpsAccount", "PrepaidAccount" }.Select(id => page.QuerySelector<IHtmlInputElement>($"#{id}")!.Value));
    }

    private static async Task NameAsync(InsightSite clinic, string sessions, string topUps, string prepaid, string tax = "")
    {
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);
        using var answer = await finance.PostAsync(Page, Page, Form(sessions, topUps, prepaid, tax));
        Assert.Equal(Page, answer.Headers.Location?.OriginalString);
    }

    private static Dictionary<string, string> Form(string sessions, string topUps, string prepaid, string tax) =>
        new() { ["SessionsAccount"] = sessions, ["TopUpsAccount"] = topUps, ["PrepaidAccount"] = prepaid, ["TaxCode"] = tax, ["Basis"] = "ReportPrice" };

    /// <summary>By the names of the columns.</summary>
    internal static async Task<List<Dictionary<string, string>>> FocusAsync(Visitor visitor, string query)
    {
        var lines = (await visitor.Http.GetStringAsync("/usage-report/accounting/focus" + query)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(SharedData.Fields).ToList();
        return lines.Skip(1).Select(line => lines[0].Zip(line).ToDictionary(field => field.First, field => field.Second)).ToList();
    }

    private static long Pence(string pounds) => (long)(decimal.Parse(pounds, CultureInfo.InvariantCulture) * 100);
}
