using System.Net;
using CreditUsage.Data;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Credits;

public sealed class PricesPageTests(CreditSite credits) : IClassFixture<CreditSite>
{
    private const string Page = "/credits/prices";

    private Site Site => credits.Site;

    [Fact]
    public async Task The_table_says_which_days_and_months_each_price_governs_and_how_many_events_it_priced()
    {
        var (clinic, administrator) = await credits.ClinicAsync(Roles.Administrator);
        using (administrator)
        {
            await Site.PriceAsync(clinic, new DateOnly(2026, 1, 1), 450_000);
            await Site.PriceAsync(clinic, new DateOnly(2026, 9, 15), 525_000);
            await Site.PriceAsync(clinic, new DateOnly(2027, 1, 1), 550_000);
            await Site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-09-14T23:00:00Z"), CsvRow.Session("E2", "2026-09-15T00:00:00Z"), CsvRow.Session("E3", "2026-10-15T00:00:00Z"), CsvRow.Session("E4", "2026-10-16T00:00:00Z", cost: "1.00"));

            var page = await administrator.PageAsync(Page);

            Assert.Equal(
                [
                    "from 01/01/2027 (future)|January 2027 on|£0.55|0",
                    "15/09/2026 to 31/12/2026|September 2026 to December 2026|£0.525|2",
                    "01/01/2026 to 14/09/2026|January 2026 to September 2026|£0.45|1",
                ],
                page.QuerySelectorAll("tr[data-price]").Select(row => string.Join('|', row.Children.Take(4).Select(cell => cell.TextContent.Trim()))));
            Assert.Empty(page.QuerySelectorAll("[data-withheld]"));
        }
    }

    [Fact]
    public async Task Withheld_months_are_named_with_their_events_until_a_price_fills_them()
    {
        var (clinic, administrator) = await credits.ClinicAsync(Roles.Administrator);
        using (administrator)
        {
            await Site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-09-14T23:00:00Z"), CsvRow.Session("E2", "2026-10-15T00:00:00Z"), CsvRow.TopUp("E3", "2026-10-15"));
            var before = (await administrator.PageAsync(Page)).QuerySelectorAll("[data-withheld]").Select(month => month.TextContent);
            Assert.Equal(["September 2026: 1 event", "October 2026: 2 events"], before);

            using var answer = await administrator.PostAsync(Page, Page, new Dictionary<string, string> { ["From"] = "2026-10-01", ["Price"] = "£0.525" });
            var page = await administrator.PageAsync(Page);

            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            Assert.Equal("A credit costs £0.525 from 01/10/2026 on. 2 events that had no price have their cost now.", page.QuerySelector("[role=status]")!.TextContent);
            Assert.Equal(["September 2026: 1 event"], page.QuerySelectorAll("[data-withheld]").Select(month => month.TextContent));
        }
    }

    [Theory]
    [InlineData("", "0.5", "#from")]
    [InlineData("2026-13-01", "0.5", "#from")]
    [InlineData("2040-01-01", "0.5", "#from")]
    [InlineData("2026-10-01", "", "#price")]
    [InlineData("2026-10-01", "-0.5", "#price")]
    [InlineData("2026-10-01", "0.1234567", "#price")]
    [InlineData("2026-10-01", "10000.01", "#price")]
    [InlineData("2026-10-01", "1e3", "#price")]
    public async Task A_wrong_price_is_refused_with_the_form_as_it_was(string from, string price, string link)
    {
        var (clinic, administrator) = await credits.ClinicAsync(Roles.Administrator);
        using (administrator)
        {
            using var answer = await administrator.PostAsync(Page, Page, new Dictionary<string, string> { ["From"] = from, ["Price"] = price });
            var page = await Visitor.ReadAsync(answer);

            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Equal([link], page.QuerySelectorAll(".fault-summary a").Select(fault => fault.GetAttribute("href")));
            Assert.Equal((from, price), (page.QuerySelector("#from")!.GetAttribute("value") ?? "", page.QuerySelector("#price")!.GetAttribute("value") ?? ""));
            Assert.Equal(0, await PricesAsync(clinic));
        }
    }

    [Fact]
    public async Task A_price_that_no_event_has_used_is_removed_though_it_has_begun_and_only_once()
    {
        var (clinic, administrator) = await credits.ClinicAsync(Roles.Administrator);
        using (administrator)
        {
            await Site.PriceAsync(clinic, new DateOnly(2026, 1, 1), 450_000);
            await Site.PriceAsync(clinic, new DateOnly(2026, 11, 1), 550_000);
            await Site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-31T09:30:00Z"));
            var ids = (await administrator.PageAsync(Page)).QuerySelectorAll("tr[data-price]").Select(row => row.GetAttribute("data-price")).ToList();
            Assert.Single((await administrator.PageAsync(Page)).QuerySelectorAll("main td form"));

            using var removed = await administrator.PostAsync(Page, $"{Page}?id={ids[0]}&handler=Remove");
            using var again = await administrator.PostAsync(Page, $"{Page}?id={ids[0]}&handler=Remove");
            using var used = await administrator.PostAsync(Page, $"{Page}?id={ids[1]}&handler=Remove");

            Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity), (removed.StatusCode, again.StatusCode, used.StatusCode));
            Assert.Contains("1 event has its cost by the price from 01/01/2026", await used.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(1, await PricesAsync(clinic));
        }
    }

    [Theory]
    [InlineData(Roles.Auditor)]
    [InlineData(Roles.FinanceAdministrator)]
    public async Task Who_may_not_set_prices_sees_them_and_who_can_and_removes_nothing(string role)
    {
        var (clinic, administrator) = await credits.ClinicAsync(Roles.Administrator);
        administrator.Dispose();
        await Site.PriceAsync(clinic, new DateOnly(2027, 1, 1), 550_000);
        using var reader = await credits.VisitorAsync(clinic, role);

        var page = await reader.PageAsync(Page);
        var id = page.QuerySelector("tr[data-price]")!.GetAttribute("data-price");
        using var answer = await reader.PostAsync(Page, $"{Page}?id={id}&handler=Remove");

        Assert.Null(page.QuerySelector("main form[method=post]"));
        Assert.Equal("An Administrator of your clinic can set prices.", page.QuerySelector("[data-who-can]")!.TextContent);
        Assert.Contains("AccessDenied", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(1, await PricesAsync(clinic));
    }

    private Task<int> PricesAsync(int clinic) => Site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().CreditPrices.CountAsync());
}
