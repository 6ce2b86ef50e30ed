using System.Net;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.UsageReport;

[Collection(ClinicsCollection.Name)]
public sealed class UsageReportPageTests(Clinics clinics)
{
    private const string October = "/usage-report?year=2026&month=10&sessions=true&topUps=true";
    private const string AwkwardSeptember = "/usage-report?year=2026&month=9&sessions=true&topUps=true";

    public static TheoryData<string> Routes => ["/usage-report", "/usage-report/print", "/usage-report/pdf", "/usage-report/csv", "/usage-report/json", "/saved-reports"];

    public static TheoryData<string, string> Wrong => new()
    {
        { "?year=2026&month=10", "sessions" },
        { "?year=2026&month=10&sessions=maybe", "sessions" },
        { "?year=2026&month=10&sessions=true&topUps=1", "topUps" },
        { "?year=2026&month=13&sessions=true", "month" },
        { "?year=2026&month=&sessions=true", "month" },
        { "?year=2026&month=%2010&sessions=true", "month" },
        { "?year=2026&month=10.0&sessions=true", "month" },
        { "?year=26000&month=10&sessions=true", "year" },
        { "?month=10&sessions=true", "year" },
        { "?year=2026&year=2026&month=10&sessions=true", "year" },
        { "?year=2026&month=12&sessions=true", "month" },
        { "?year=2024&month=7&sessions=true", "month" },
        { "?year=2026&month=10&sessions=true&sort=name%3B--", "" },
        { "?year=2026&month=10&sessions=true&sort=cost,cost", "" },
        { "?year=2026&month=10&sessions=true&groupBy=colour", "" },
        { "?year=2026&month=10&sessions=true&rows=subtotals", "" },
        { "?year=2026&month=10&sessions=true&columns=staff,staff", "" },
        { "?year=2026&month=10&sessions=true&from=2026-10-32", "" },
        { "?year=2026&month=10&sessions=true&from=2026-10-05&to=2026-10-04", "" },
        { "?year=2026&month=10&sessions=true&copy=accountant&q=smith", "" },
        { "?year=2026&month=10&sessions=true&page=0", "" },
        { "?year=2026&month=10&sessions=true&page=-1", "" },
        { "?year=2026&month=10&sessions=true&page=2147483648", "" },
        { "?year=2026&month=10&sessions=true&page=1%20OR%201=1", "" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Nobody_sees_anything_without_signing_in(string route)
    {
        using var stranger = new Visitor(clinics.Site);
        using var answer = await stranger.GetAsync(route);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith(Visitor.LoginPath, answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_that_is_over_tells_htmx_to_leave_the_page()
    {
        using var stranger = new Visitor(clinics.Site);
        using var answer = await stranger.GetFragmentAsync(October);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains(Visitor.LoginPath, Assert.Single(answer.Headers.GetValues("HX-Redirect")), StringComparison.Ordinal);
        Assert.DoesNotContain("usage-", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bare_address_shows_the_form_on_the_last_complete_month_and_no_result()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var page = await finance.PageAsync("/usage-report");
        Assert.Equal(("10", "2026"), (page.QuerySelector("#month option[selected]")!.GetAttribute("value"), page.QuerySelector("#year option[selected]")!.GetAttribute("value")));
        Assert.Equal(["2024", "2025", "2026"], page.QuerySelectorAll("#year option").Select(option => option.TextContent));
        Assert.All(page.QuerySelectorAll("#sessions, #topUps"), box => Assert.True(box.HasAttribute("checked")));
        Assert.Null(page.QuerySelector("#usage-table"));
        Assert.NotNull(page.QuerySelector("section#usage-results"));
    }

    [Theory]
    [InlineData("2024-08")]
    [InlineData("2025-02")]
    [InlineData("2026-03")]
    [InlineData("2026-10")]
    public async Task The_totals_are_those_of_the_totals_file(string month)
    {
        var expected = SharedData.Totals("usage-totals.csv").Where(total => total.Month == month).ToDictionary(total => total.Kind);
        var (sessions, topUps) = (expected["connected-session"], expected["daily-top-up"]);
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);

        var page = await finance.PageAsync($"/usage-report?year={month[..4]}&month={int.Parse(month[5..])}&sessions=true&topUps=true");

        Assert.Equal(Marks(sessions.Events, sessions.Credits, sessions.CostPence), page.Total("sessions"));
        Assert.Equal(Marks(topUps.Events, topUps.Credits, topUps.CostPence), page.Total("top-ups"));
        Assert.Equal(Marks(sessions.Events + topUps.Events, sessions.Credits + topUps.Credits, sessions.CostPence + topUps.CostPence), page.Total("all"));
    }

    [Fact]
    public async Task Each_event_is_one_row_with_its_marks_in_the_order_of_date_time_and_id()
    {
        var expected = SharedData.Rows(SharedData.Awkward).Where(row => row[2].StartsWith("2026-09-", StringComparison.Ordinal))
            .OrderBy(row => row[2][..10], StringComparer.Ordinal).ThenBy(row => row[2].Length == 10 ? "" : row[2], StringComparer.Ordinal).ThenBy(row => row[0], StringComparer.Ordinal).ToList();
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);

        var page = await finance.PageAsync(AwkwardSeptember);

        Assert.Equal(expected.Select(row => row[0]), page.EventIds());
        Assert.Equal(expected.Select(row => row[1] == "connected-session" ? "usage-session" : "usage-top-up"), page.QuerySelectorAll("tr[data-event-id]").Select(row => row.ClassName));
        Assert.Equal(expected.Select(row => $"{row[2][8..10]}/09/2026"), page.Column(0));
        Assert.Equal(expected.Select(row => row[1] == "connected-session" ? "Connected session" : "Daily top-up"), page.Column(1));
        Assert.Equal(expected.Select(row => Collapsed(row[4])), page.Column(2));
        Assert.Equal(expected.Select(row => Collapsed(row[6].Length > 0 ? row[6] : $"{row[8]} {row[9]}")), page.Column(3));
        Assert.Equal(expected.Select(row => row[7]), page.Column(4));
        Assert.Equal(expected.Select(row => row[10] switch { "" => "1 day", "1" => "1 minute", var minutes => minutes + " minutes" }), page.Column(5));
        Assert.Equal(expected.Select(row => row[11]), page.Column(6));
        Assert.Equal(expected.Select(row => "£" + row[12]), page.Column(7));
        Assert.Equal(["date", "kind", "staff", "client", "program", "duration", "credits", "cost"], page.QuerySelectorAll("#usage-table thead th").Select(head => head.GetAttribute("data-column")!));
        Assert.Empty(page.QuerySelectorAll("td[data-column]"));
    }

    [Theory]
    [InlineData("sessions", "connected-session", "top-ups")]
    [InlineData("topUps", "daily-top-up", "sessions")]
    public async Task One_kind_alone_shows_and_adds_up_that_kind_only(string box, string kind, string absent)
    {
        var expected = SharedData.Totals("usage-totals.csv").Single(total => total.Month == "2026-09" && total.Kind == kind);
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);

        var page = await finance.PageAsync($"/usage-report?year=2026&month=9&{box}=true");

        Assert.Equal(expected.Events, page.EventIds().Count);
        Assert.Equal(Marks(expected.Events, expected.Credits, expected.CostPence), page.Total("all"));
        Assert.Null(page.QuerySelector($"tr[data-total={absent}]"));
    }

    [Fact]
    public async Task A_month_without_usage_says_so_and_adds_up_to_nothing()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.EmptyFinance);
        using var answer = await finance.GetAsync(October);
        var page = await Visitor.ReadAsync(answer);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("No credit usage in October 2026", page.QuerySelector("#usage-results")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("0 events, 0 credits, £0.00", page.QuerySelector("#usage-results")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.EventIds());
    }

    [Fact]
    public async Task The_month_that_is_not_over_is_marked_and_the_others_are_not()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        Assert.Contains("In progress", (await finance.PageAsync("/usage-report?year=2026&month=11&sessions=true&topUps=true")).QuerySelector("#results-heading")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("In progress", (await finance.PageAsync(October)).QuerySelector("#results-heading")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_query_is_answered_422_with_what_to_do_and_a_link_to_the_field(string query, string field)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var answer = await finance.GetAsync("/usage-report" + query);
        var page = await Visitor.ReadAsync(answer);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("There is a problem", page.QuerySelector(".fault-summary h2")!.TextContent);
        // What stands in the address alone has no field to link to.
        var links = page.QuerySelectorAll(".fault-summary a").Select(link => link.GetAttribute("href"));
        if (field.Length == 0) Assert.Empty(links);
        else Assert.Contains("#" + field, links);
        Assert.True(field.Length == 0 || page.GetElementById(field) is not null);
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("#usage-table"));
        foreach (var kind in new[] { "csv", "json", "print", "pdf" })
        {
            using var file = await finance.GetAsync($"/usage-report/{kind}{query}");
            Assert.Equal((kind, HttpStatusCode.UnprocessableEntity), (kind, file.StatusCode));
        }
    }

    [Fact]
    public async Task A_fragment_is_the_results_alone_and_nothing_keeps_it()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        foreach (var path in new[] { October, "/usage-report?year=2026&month=10" })
        {
            using var answer = await finance.GetFragmentAsync(path);
            var body = (await answer.Content.ReadAsStringAsync()).Trim();
            Assert.StartsWith("<section id=\"usage-results\"", body, StringComparison.Ordinal);
            Assert.EndsWith("</section>", body, StringComparison.Ordinal);
            Assert.DoesNotContain("<html", body, StringComparison.Ordinal);
            Assert.Equal(["HX-Request"], answer.Headers.Vary);
            Assert.True(answer.Headers.CacheControl!.NoStore);
        }
    }

    [Fact]
    public async Task Every_answer_has_a_content_policy_without_unsafe_and_signed_in_ones_are_kept_nowhere()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var queries = new[] { "", "/print", "/csv", "/json" }.Select(part => $"/usage-report{part}?year=2026&month=10&topUps=true");
        foreach (var path in queries.Concat(["/usage-report", "/usage-report?year=1", "/saved-reports", "/no-such-page", Visitor.LoginPath, "/css/site.css", "/health/live"]))
        {
            using var answer = await finance.GetAsync(path);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.False(answer.Headers.Contains("Server"));
            if (!path.StartsWith("/css", StringComparison.Ordinal)) Assert.True(answer.Headers.CacheControl?.NoStore, path);
            if (path.StartsWith("/usage-report?", StringComparison.Ordinal) || path == "/usage-report") Assert.Equal(["HX-Request"], answer.Headers.Vary.Where(name => name.StartsWith("HX", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Another_subscriptions_usage_is_never_shown()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);
        var page = await finance.PageAsync("/usage-report?year=2026&month=9&sessions=true&topUps=true");
        Assert.All(page.EventIds(), id => Assert.StartsWith("A", id, StringComparison.Ordinal));
        using var csv = await finance.GetAsync("/usage-report/csv?year=2026&month=9&sessions=true&topUps=true");
        Assert.DoesNotContain(",E0", await csv.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var after = await finance.GetFragmentAsync("/usage-report?year=2026&month=9&sessions=true&topUps=true&after=E00021000");
        Assert.DoesNotContain("data-event-id", await after.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Awkward_names_are_text_on_the_page()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);
        foreach (var path in new[] { AwkwardSeptember, AwkwardSeptember.Replace("?", "/print?", StringComparison.Ordinal) })
        {
            using var answer = await finance.GetAsync(path);
            var html = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain("<b>Bold", html, StringComparison.Ordinal);
            Assert.Contains("&lt;b&gt;Bold&lt;/b&gt; Client", html, StringComparison.Ordinal);
            var page = await Visitor.ReadAsync(answer);
            // The one thing in a cell is the date's link to its event, on screen.
            Assert.All(page.QuerySelectorAll("tbody td *"), element => Assert.Matches("^/corrections\\?event=A[0-9]{8}$", element.GetAttribute("href")));
        }
    }

    [Theory]
    [InlineData("", "ascending", "-date")]
    [InlineData("&sort=-cost", "descending", "cost")]
    [InlineData("&sort=cost", "ascending", "-cost")]
    public async Task The_column_that_orders_the_rows_says_so_and_links_to_the_other_way_round(string sort, string order, string next)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var page = await finance.PageAsync(October + sort);
        var ordered = Assert.Single(page.QuerySelectorAll("th[aria-sort]"));
        Assert.Equal((order, next.TrimStart('-')), (ordered.GetAttribute("aria-sort"), ordered.GetAttribute("data-column")));
        Assert.Equal(next == "date" ? October : $"{October}&sort={next}", ordered.QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal($"{October}&sort=staff", page.QuerySelector("th[data-column=staff] a")!.GetAttribute("href"));
    }

    [Theory]
    [InlineData("cost", 7)]
    [InlineData("credits", 6)]
    [InlineData("client", 3)]
    [InlineData("staff", 2)]
    [InlineData("program", 4)]
    [InlineData("kind", 1)]
    public async Task Rows_are_ordered_by_a_column_and_equal_ones_stay_in_the_reports_order(string sort, int column)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);
        var plain = await finance.PageAsync(AwkwardSeptember);
        var rows = plain.EventIds().Zip(plain.Column(column)).ToList();
        var british = StringComparer.Create(System.Globalization.CultureInfo.GetCultureInfo("en-GB"), ignoreCase: true);
        object Key(string text) => sort switch
        {
            "cost" => decimal.Parse(text.TrimStart('£'), System.Globalization.CultureInfo.InvariantCulture),
            "credits" => int.Parse(text),
            _ => text,
        };
        var comparer = sort is "cost" or "credits" ? Comparer<object>.Default : Comparer<object>.Create((left, right) => british.Compare((string)left, (string)right));

        Assert.Equal(rows.OrderBy(row => Key(row.Second), comparer).Select(row => row.First), (await finance.PageAsync($"{AwkwardSeptember}&sort={sort}")).EventIds());
        Assert.Equal(rows.OrderByDescending(row => Key(row.Second), comparer).Select(row => row.First), (await finance.PageAsync($"{AwkwardSeptember}&sort=-{sort}")).EventIds());
    }

    private static (string?, string?, string?) Marks(int events, long credits, long pence) => ($"{events}", $"{credits}", $"{pence}");

    private static string Collapsed(string text) => string.Join(' ', text.Normalize().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
