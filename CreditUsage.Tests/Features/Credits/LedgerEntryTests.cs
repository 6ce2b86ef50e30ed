using System.Net;
using AngleSharp.Html.Dom;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Features.Credits;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Credits;

/// <summary>Purchases, grants and adjustments: recorded once, never edited, taken back once.</summary>
public sealed class LedgerEntryTests(CreditSite credits) : IClassFixture<CreditSite>
{
    private static readonly Dictionary<string, string> Purchase = new()
    {
        ["Day"] = "2026-10-05",
        ["Packs"] = "10",
        ["PackSize"] = "1,000",
        ["Paid"] = "£4,500.00",
        ["Vat"] = "750",
        ["Invoice"] = "A-17",
        ["Reason"] = "",
    };

    private Site Site => credits.Site;

    [Fact]
    public async Task A_purchase_is_kept_with_its_packs_price_VAT_and_invoice()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            using var answer = await PostAsync(finance, "purchase", Purchase);

            Assert.Equal((HttpStatusCode.Redirect, "/credits"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
            var entry = Assert.Single(await Site.EntriesAsync(clinic));
            Assert.Equal((LedgerEntryKind.Purchase, 10_000, 1_000, 450_000L, 75_000L, "A-17", null), (entry.Kind, entry.Credits, entry.PackSize, entry.PaidPence, entry.VatPence, entry.InvoiceNumber, entry.Reason));
            Assert.Equal((new DateOnly(2026, 10, 5), CreditSite.October, At(2026, 10, 5)), (entry.ServiceDate, entry.ReportMonth, entry.PostedAt));
            var page = await finance.PageAsync("/credits");
            Assert.Equal("10000", page.QuerySelector("[data-available]")!.GetAttribute("data-available"));
            Assert.Contains("10 packs of 1,000 credits, £4,500.00 paid with £750.00 VAT, invoice A-17", page.QuerySelector($"tr[data-entry='{entry.Id}']")!.TextContent, StringComparison.Ordinal);
            Assert.Contains("Recorded: Purchase of 05/10/2026", page.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_same_form_sent_five_times_at_once_records_one_entry()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            var page = await finance.PageAsync("/credits/record/grant");
            var form = Form(page, new() { ["Day"] = "2026-10-05", ["Credits"] = "50", ["Reason"] = "Goodwill" });

            var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => finance.Http.PostAsync("/credits/record/grant", new FormUrlEncodedContent(form))));

            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode));
            Assert.Equal(50, Assert.Single(await Site.EntriesAsync(clinic)).Credits);
            Assert.Equal(1, await AuditsAsync(clinic));

            // A form that was opened anew is another grant, though it says the same.
            using var again = await PostAsync(finance, "grant", new() { ["Day"] = "2026-10-05", ["Credits"] = "50", ["Reason"] = "Goodwill" });
            Assert.Equal([50, 50], (await Site.EntriesAsync(clinic)).Select(entry => entry.Credits));
        }
    }

    [Theory]
    [InlineData("grant", "Credits", "1.000", "#credits")]
    [InlineData("purchase", "Packs", "10.0", "#packs")]
    [InlineData("purchase", "PackSize", "1.000", "#packSize")]
    [InlineData("purchase", "Paid", "1.000", "#paid")]
    public async Task A_point_before_three_digits_is_no_whole_number_and_no_amount(string kind, string field, string typed, string link)
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            var form = kind == "grant" ? new Dictionary<string, string> { ["Day"] = "2026-10-05", ["Credits"] = "50", ["Reason"] = "Goodwill" } : new(Purchase);
            form[field] = typed;

            using var answer = await PostAsync(finance, kind, form);

            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Contains(link, (await Visitor.ReadAsync(answer)).QuerySelectorAll(".fault-summary a").Select(fault => fault.GetAttribute("href")));
            Assert.Empty(await Site.EntriesAsync(clinic));
        }
    }

    [Fact]
    public async Task An_invoice_is_recorded_once_until_its_purchase_is_taken_back()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            using var first = await PostAsync(finance, "purchase", Purchase);
            var other = new Dictionary<string, string>(Purchase) { ["Day"] = "2026-10-06", ["Invoice"] = " a-17 " };

            using var refused = await PostAsync(finance, "purchase", other);
            var page = await Visitor.ReadAsync(refused);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Equal("#invoice", page.QuerySelector(".fault-summary a")!.GetAttribute("href"));
            Assert.Contains("Invoice A-17 is already recorded, with the purchase of 05/10/2026", page.QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
            Assert.Equal("2026-10-06", ((IHtmlInputElement)page.QuerySelector("#day")!).Value);
            Assert.Single(await Site.EntriesAsync(clinic));

            await Site.TakeBackAsync(clinic, (await Site.EntriesAsync(clinic))[0].Id);
            using var accepted = await PostAsync(finance, "purchase", other);
            Assert.Equal(HttpStatusCode.Redirect, accepted.StatusCode);
            Assert.Equal([10_000, -10_000, 10_000], (await Site.EntriesAsync(clinic)).Select(entry => entry.Credits));
        }
    }

    [Fact]
    public async Task An_entry_is_taken_back_once_and_stays_as_it_was()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            using var recorded = await PostAsync(finance, "purchase", Purchase);
            var entry = Assert.Single(await Site.EntriesAsync(clinic));
            var path = $"/credits/entries/{entry.Id}";

            using var without = await finance.PostAsync(path, path, new Dictionary<string, string> { ["reason"] = " " });
            using var taken = await finance.PostAsync(path, path, new Dictionary<string, string> { ["reason"] = "Entered twice" });
            using var again = await finance.PostAsync("/credits/record/grant", path, new Dictionary<string, string> { ["reason"] = "Entered twice" });

            Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect, HttpStatusCode.Redirect), (without.StatusCode, taken.StatusCode, again.StatusCode));
            var entries = await Site.EntriesAsync(clinic);
            Assert.Equal(2, entries.Count);
            Assert.Equal((entry.Credits, entry.PaidPence, entry.Reason), (entries[0].Credits, entries[0].PaidPence, entries[0].Reason));
            Assert.Equal((LedgerEntryKind.Correction, -10_000, -450_000L, -75_000L, entry.Id, "Entered twice"), (entries[1].Kind, entries[1].Credits, entries[1].PaidPence!.Value, entries[1].VatPence!.Value, entries[1].CorrectsId!.Value, entries[1].Reason));
            Assert.Equal((entry.ServiceDate, entry.ReportMonth, Site.Clock.GetUtcNow()), (entries[1].ServiceDate, entries[1].ReportMonth, entries[1].PostedAt));
            Assert.Equal(0, await Site.AvailableAsync(clinic, Site.Clock.GetUtcNow()));
            using var ofCorrection = await finance.PostAsync("/credits/record/grant", $"/credits/entries/{entries[1].Id}", new Dictionary<string, string> { ["reason"] = "No" });
            Assert.Equal(HttpStatusCode.NotFound, ofCorrection.StatusCode);
            Assert.Null((await finance.PageAsync(path)).QuerySelector("main form"));
            Assert.Equal(2, await AuditsAsync(clinic));
        }
    }

    [Theory]
    [InlineData("purchase", "Day", "2026-11-23", "#day")]
    [InlineData("purchase", "Day", "2025-12-31", "#day")]
    [InlineData("purchase", "Day", "31/02/2026", "#day")]
    [InlineData("purchase", "Packs", "0", "#packs")]
    [InlineData("purchase", "Packs", "2.5", "#packs")]
    [InlineData("purchase", "Packs", "10000000000000000000000", "#packs")]
    [InlineData("purchase", "PackSize", "99999999", "#packs")]
    [InlineData("purchase", "Paid", "-1", "#paid")]
    [InlineData("purchase", "Paid", "1,23", "#paid")]
    [InlineData("purchase", "Paid", "1.234", "#paid")]
    [InlineData("purchase", "Vat", "4500.01", "#vat")]
    [InlineData("purchase", "Invoice", "", "#invoice")]
    [InlineData("purchase", "Invoice", "A\u202E17", "#invoice")]
    [InlineData("grant", "Credits", "-5", "#credits")]
    [InlineData("grant", "Credits", "abc", "#credits")]
    [InlineData("adjustment", "Credits", "0", "#credits")]
    [InlineData("adjustment", "Reason", "", "#reason")]
    public async Task What_is_wrong_is_named_at_its_field_and_nothing_is_recorded(string kind, string field, string value, string link)
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            var fields = new Dictionary<string, string>(Purchase) { ["Credits"] = "5", ["Reason"] = "A reason", [field] = value };

            using var answer = await PostAsync(finance, kind, fields);

            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            var page = await Visitor.ReadAsync(answer);
            Assert.Equal([link], page.QuerySelectorAll(".fault-summary a").Select(fault => fault.GetAttribute("href")));
            Assert.Equal("true", page.QuerySelector(link)!.GetAttribute("aria-invalid"));
            Assert.Equal(value, ((IHtmlInputElement)page.QuerySelector($"[name={field} i]")!).Value);
            Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
            Assert.Empty(await Site.EntriesAsync(clinic));
        }
    }

    [Fact]
    public async Task An_adjustment_may_take_away_and_an_entry_of_today_counts_from_now()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            using var answer = await PostAsync(finance, "adjustment", new() { ["Day"] = "22/11/2026", ["Credits"] = "\u221212", ["Reason"] = "Counted again" });

            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            var entry = Assert.Single(await Site.EntriesAsync(clinic));
            Assert.Equal((-12, Site.Clock.GetUtcNow(), "Counted again"), (entry.Credits, entry.PostedAt, entry.Reason));
        }
    }

    [Fact]
    public async Task A_purchase_of_a_closed_month_goes_to_the_next_open_one_and_counts_from_now()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            await Site.CloseAsync(clinic, CreditSite.October);

            using var answer = await PostAsync(finance, "purchase", Purchase);

            var entry = Assert.Single(await Site.EntriesAsync(clinic));
            Assert.Equal((new DateOnly(2026, 10, 5), CreditSite.October.Next, Site.Clock.GetUtcNow()), (entry.ServiceDate, entry.ReportMonth, entry.PostedAt));
            Assert.Contains("October 2026 is closed, so it counts in November 2026", (await finance.PageAsync("/credits")).QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
            var (october, november) = (await Site.StatementAsync(clinic, CreditSite.October, StatementBasis.Service), await Site.StatementAsync(clinic, CreditSite.October.Next, StatementBasis.Service));
            Assert.Equal((0, 0, 10_000), (october.Closing, november.Opening, november.Closing));
            Assert.Contains("(dated 05/10/2026, for October 2026)", Assert.Single(november.Rows).Details, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Entries_are_paged_by_their_last_one_and_none_is_lost_or_doubled()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            for (var number = 1; number <= LedgerList.PageRows + 7; number++) await Site.RecordAsync(clinic, Ledgers.Grant($"2026-10-{(number % 5) + 1:00}", number));
            var (seen, path) = (new List<int>(), (string?)"/credits");
            while (path is not null)
            {
                var page = await finance.PageAsync(path);
                seen.AddRange(page.QuerySelectorAll("tr[data-entry]").Select(row => int.Parse(row.Children[3].TextContent[1..])));
                path = page.QuerySelectorAll("main a").FirstOrDefault(link => link.TextContent == "Older entries")?.GetAttribute("href");
            }

            Assert.Equal(Enumerable.Range(1, LedgerList.PageRows + 7).OrderByDescending(number => number % 5).ThenByDescending(number => number), seen);
            using var unknown = await finance.GetAsync("/credits?before=999999");
            Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        }
    }

    [Fact]
    public async Task An_auditor_reads_and_another_clinic_sees_nothing()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        finance.Dispose();
        var entry = await Site.RecordAsync(clinic, Ledgers.Grant("2026-10-05", 77));
        using var auditor = await credits.VisitorAsync(clinic, Roles.Auditor);
        var (_, other) = await credits.ClinicAsync();
        using (other)
        {
            var page = await auditor.PageAsync("/credits");
            Assert.NotNull(page.QuerySelector($"tr[data-entry='{entry.Id}']"));
            Assert.Empty(page.QuerySelectorAll("main a[href^='/credits/record']"));
            Assert.Null((await auditor.PageAsync($"/credits/entries/{entry.Id}")).QuerySelector("main form"));

            Assert.Empty((await other.PageAsync("/credits")).QuerySelectorAll("tr[data-entry]"));
            using var hidden = await other.GetAsync($"/credits/entries/{entry.Id}");
            using var touched = await other.PostAsync("/credits/record/grant", $"/credits/entries/{entry.Id}", new Dictionary<string, string> { ["reason"] = "Mine" });
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (hidden.StatusCode, touched.StatusCode));
            Assert.Single(await Site.EntriesAsync(clinic));
        }
    }

    private static Task<HttpResponseMessage> PostAsync(Visitor visitor, string kind, Dictionary<string, string> fields) => PostFormAsync(visitor, $"/credits/record/{kind}", fields);

    private static async Task<HttpResponseMessage> PostFormAsync(Visitor visitor, string path, Dictionary<string, string> fields) =>
        await visitor.Http.PostAsync(path, new FormUrlEncodedContent(Form(await visitor.PageAsync(path), fields)));

    /// <summary>The form as a page shows it, filled in.</summary>
    private static Dictionary<string, string> Form(IHtmlDocument page, Dictionary<string, string> fields)
    {
        var form = page.QuerySelectorAll("main form input").OfType<IHtmlInputElement>().ToDictionary(input => input.Name!, input => input.Value, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in fields) form[name] = value;
        return form;
    }

    private Task<int> AuditsAsync(int clinic) =>
        Site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().AuditEntries.CountAsync(entry => entry.Action == AuditAction.Ledger));

    private static DateTimeOffset At(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);
}
