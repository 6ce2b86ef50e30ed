using System.Globalization;
using System.Text.Json;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Tests.Support;
using static CreditUsage.Tests.Core.Report.RealUsage;

namespace CreditUsage.Tests.Core.Report;

/// <summary>A month narrowed, grouped, ordered and shown in chosen columns adds up to what the file adds up to, on page, in files and on paper.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class NarrowedReportTests(Clinics clinics)
{
    private const string September = "?year=2026&month=9&sessions=true&topUps=true";

    private static readonly IReadOnlyList<string[]> Rows = Of("2026-09");

    [Fact]
    public async Task What_is_narrowed_is_what_the_file_has_of_it()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var staff = Rows.GroupBy(row => row[StaffId]).MaxBy(group => group.Count())!.Key;
        var client = Rows.Where(row => row[ClientId].Length > 0).GroupBy(row => row[ClientId]).MaxBy(group => group.Count())!.Key;
        var program = Rows[0][RealUsage.Program];
        var device = Rows.First(row => row[DeviceId].Length > 0)[DeviceId];

        await AgreesAsync($"&staff={staff}", row => row[StaffId] == staff);
        await AgreesAsync($"&client={client}", row => row[ClientId] == client);
        await AgreesAsync("&client=-", row => row[ClientId].Length == 0);
        var lists = await finance.PageAsync("/usage-report" + September);
        await AgreesAsync($"&program={lists.QuerySelectorAll("#program option").Single(option => option.TextContent == program).GetAttribute("value")}", row => row[RealUsage.Program] == program);
        await AgreesAsync($"&device={device}", row => row[DeviceId] == device);
        await AgreesAsync("&from=2026-09-05&to=2026-09-11", row => string.CompareOrdinal(row[OccurredAt][..10], "2026-09-05") >= 0 && string.CompareOrdinal(row[OccurredAt][..10], "2026-09-11") <= 0);
        await AgreesAsync($"&staff={staff}&client=-&from=2026-09-02", row => row[StaffId] == staff && row[ClientId].Length == 0 && string.CompareOrdinal(row[OccurredAt][..10], "2026-09-02") >= 0);
        await AgreesAsync("&q=SLEEP", row => new[] { row[StaffName], row[ClientName], row[RealUsage.Program], row[DeviceId], row[9], row[EventId] }.Any(text => text.Contains("sleep", StringComparison.OrdinalIgnoreCase)));
        await AgreesAsync("&staff=nobody-of-this-id", _ => false);

        async Task AgreesAsync(string narrowed, Func<string[], bool> isMeant)
        {
            var expected = Rows.Where(isMeant).ToList();
            var page = await finance.PageAsync("/usage-report" + September + narrowed);
            Assert.Equal(expected.Select(row => row[EventId]).Order(StringComparer.Ordinal), page.QuerySelectorAll("#usage-table tr[data-event-id]").Select(row => row.GetAttribute("data-event-id")!).Order(StringComparer.Ordinal));
            if (expected.Count > 0) Assert.Equal(Pence(expected), Number(page.QuerySelector("tr[data-total=all]")!, "data-cost-pence"));
            else Assert.Contains("Nothing in September 2026 matches", page.QuerySelector(".nothing")!.TextContent, StringComparison.Ordinal);
            Assert.NotNull(page.QuerySelector(".criteria"));
            using var json = JsonDocument.Parse(await finance.Http.GetStringAsync(new Uri("/usage-report/json" + September + narrowed, UriKind.Relative)));
            Assert.Equal((expected.Count, Pence(expected)), (json.RootElement.GetProperty("rows").GetArrayLength(), json.RootElement.GetProperty("totals").GetProperty("all").GetProperty("costPence").GetInt64()));
            Assert.NotEmpty(json.RootElement.GetProperty("criteria").EnumerateArray());
        }
    }

    [Fact]
    public async Task Of_several_values_of_a_filter_any_will_do_everywhere()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var staff = Rows.Select(row => row[StaffId]).Distinct().Order(StringComparer.Ordinal).Take(2).ToList();
        var clients = Rows.Select(row => row[ClientId]).Where(id => id.Length > 0).Distinct().Take(3).ToList();
        var devices = Rows.Select(row => row[DeviceId]).Where(id => id.Length > 0).Distinct().Take(2).ToList();
        var programs = Rows.Select(row => row[RealUsage.Program]).Distinct().Take(2).ToList();
        var keys = (await finance.PageAsync("/usage-report" + September)).QuerySelectorAll<IHtmlOptionElement>("#program option").Where(option => programs.Contains(option.Text)).Select(option => option.Value).ToList();

        await AgreesAsync(Of("staff", staff), row => staff.Contains(row[StaffId]));
        await AgreesAsync(Of("client", clients), row => clients.Contains(row[ClientId]));
        await AgreesAsync(Of("client", ["-", clients[0]]), row => row[ClientId].Length == 0 || row[ClientId] == clients[0]);
        await AgreesAsync(Of("device", devices), row => devices.Contains(row[DeviceId]));
        await AgreesAsync(Of("program", keys), row => programs.Contains(row[RealUsage.Program]));
        await AgreesAsync(Of("staff", staff) + Of("program", keys) + "&to=2026-09-20", row =>
            staff.Contains(row[StaffId]) && programs.Contains(row[RealUsage.Program]) && string.CompareOrdinal(row[OccurredAt][..10], "2026-09-20") <= 0);
        // Another clinic's programs are none here.
        using var other = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);
        Assert.NotNull((await other.PageAsync("/usage-report" + September + Of("program", keys))).QuerySelector(".nothing"));

        static string Of(string filter, IEnumerable<string> values) => string.Concat(values.Select(value => $"&{filter}={value}"));

        async Task AgreesAsync(string narrowed, Func<string[], bool> isMeant)
        {
            var expected = Rows.Where(isMeant).ToList();
            var (ids, pounds) = (expected.Select(row => row[EventId]).Order(StringComparer.Ordinal).ToList(), Pounds(Pence(expected)));
            Assert.NotEmpty(expected);
            var query = September + narrowed;
            Assert.Equal(ids.Take(1000), (await finance.PageAsync($"/usage-report{query}")).EventIds().Order(StringComparer.Ordinal).Take(1000));
            Assert.Equal(ids, (await finance.PageAsync($"/usage-report/print{query}")).EventIds().Order(StringComparer.Ordinal));
            Assert.Equal(Pence(expected), (await finance.PageAsync($"/usage-report{query}&groupBy=kind&rows=subtotals")).QuerySelectorAll("tr[data-subtotal]").Sum(row => Number(row, "data-cost-pence")));
            using var json = JsonDocument.Parse(await finance.Http.GetStringAsync(new Uri("/usage-report/json" + query, UriKind.Relative)));
            Assert.Equal(ids, json.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("eventId").GetString()!).Order(StringComparer.Ordinal));
            var csv = await finance.Http.GetStringAsync(new Uri("/usage-report/csv" + query, UriKind.Relative));
            Assert.Equal(expected.Count + 1, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
            foreach (var form in new[] { "billback", "compare", "pictures", "explain" })
                Assert.Contains(pounds, (await finance.PageAsync($"/usage-report/{form}{query}")).Body!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_value_is_named_on_page_and_paper_and_removed_by_itself()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var staff = Rows.DistinctBy(row => row[StaffId]).Take(2).Select(row => (Id: row[StaffId], Name: row[StaffName])).OrderBy(one => one.Name, StringComparer.OrdinalIgnoreCase).ToList();
        var client = Rows.First(row => row[ClientId].Length > 0)[ClientId];
        var query = $"{September}&staff={staff[1].Id}&staff={staff[0].Id}&client={client}";

        var page = await finance.PageAsync("/usage-report" + query);
        var chips = page.QuerySelectorAll(".criteria li").Take(2).ToList();
        Assert.Equal(staff.Select(one => $"Staff: {one.Name} ×"), chips.Select(chip => chip.TextContent));
        Assert.Equal($"/usage-report{September}&staff={staff[1].Id}&client={client}", chips[0].QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal(staff.Select(one => one.Id), page.QuerySelectorAll<IHtmlInputElement>("input[type=checkbox][name=staff]").Where(box => box.IsChecked).Select(box => box.Value));
        var compare = await finance.PageAsync("/usage-report/compare" + query);
        Assert.Equal(2, compare.QuerySelectorAll("form input[type=hidden][name=staff]").Length);

        var words = $"Staff member: {staff[0].Name} or {staff[1].Name}; Client: ";
        Assert.Contains(words, (await finance.PageAsync("/usage-report/print" + query)).Body!.TextContent, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await finance.Http.GetStringAsync(new Uri("/usage-report/json" + query, UriKind.Relative)));
        Assert.Equal(staff.Select(one => $"Staff member: {one.Name}"), json.RootElement.GetProperty("criteria").EnumerateArray().Take(2).Select(criterion => criterion.GetString()));
        using var answer = await finance.GetAsync("/usage-report/pdf" + query);
        using var pdf = PdfRead.Open(await answer.Content.ReadAsByteArrayAsync());
        Assert.Contains(words.Replace(" ", "", StringComparison.Ordinal), pdf.GetPages().Last().Dense(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_values_than_fifty_are_refused_in_words()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        string Of(int count) => September + string.Concat(Enumerable.Range(1, count).Select(number => $"&client=unknown-{number:D2}"));

        Assert.Equal(50, (await finance.PageAsync("/usage-report" + Of(50))).QuerySelectorAll(".criteria li").Length - 1);
        // A line on paper names as many as it can hold.
        Assert.Contains("unknown-39 or unknown-40 or 10 others", (await finance.PageAsync("/usage-report/print" + Of(50))).Body!.TextContent, StringComparison.Ordinal);
        foreach (var form in new[] { "", "/csv", "/print" })
        {
            using var refused = await finance.GetAsync($"/usage-report{form}{Of(51)}");
            Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains("Choose at most 50 clients. Remove some.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Columns_are_ticked_and_move_one_place_at_a_press()
    {
        const string Columns = "&columns=date&columns=kind&columns=staff&columns=credits";
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        async Task<string> MovedAsync(string press)
        {
            using var answer = await finance.GetAsync($"/usage-report{September}{Columns}&{press}");
            return System.Web.HttpUtility.ParseQueryString(answer.Headers.Location!.OriginalString)["columns"]!;
        }

        Assert.Equal("date,staff,kind,credits,cost", await MovedAsync("moveUp=staff"));
        Assert.Equal("date,kind,credits,staff,cost", await MovedAsync("moveDown=staff"));
        Assert.Equal("date,kind,staff,credits,cost", await MovedAsync("moveUp=kind"));
        Assert.Equal("date,kind,staff,credits,cost", await MovedAsync("moveDown=credits"));
        Assert.Equal("date,kind,staff,credits,cost", await MovedAsync("moveDown=client"));

        var page = await finance.PageAsync($"/usage-report{September}&columns=staff,kind");
        var boxes = page.QuerySelectorAll<IHtmlInputElement>("#columns input[type=checkbox]").ToList();
        Assert.Equal(["staff", "kind", "client", "program", "duration", "credits"], boxes.Select(box => box.Value));
        Assert.Equal([true, true, false, false, false, false], boxes.Select(box => box.IsChecked));
        Assert.Equal(["Up: Staff member", "Down: Staff member", "Up: Kind", "Down: Kind"], page.QuerySelectorAll("#columns button").Select(button => button.GetAttribute("aria-label")));
        // No tick leaves date and cost; every tick in order is the report's own columns.
        Assert.Equal(["date", "cost"], (await finance.PageAsync($"/usage-report{September}&columns=date")).QuerySelectorAll("#usage-table thead th").Select(head => head.GetAttribute("data-column")!));
        using var all = await finance.GetAsync($"/usage-report{September}&q=&columns=date&columns=kind&columns=staff&columns=client&columns=program&columns=duration&columns=credits");
        Assert.Equal($"/usage-report{September}", all.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Each_list_offers_what_the_month_has()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var page = await finance.PageAsync("/usage-report" + September);
        Assert.Equal(Rows.Select(row => row[StaffId]).Distinct().Order(StringComparer.Ordinal), Offered("staff"));
        // Too many for a list: they are typed.
        Assert.Equal(Rows.Select(row => row[ClientId]).Distinct().Count(), page.QuerySelectorAll("#client-names option").Length);
        Assert.Equal(("addClient", "client-names"), (page.QuerySelector("input#client")!.GetAttribute("name"), page.QuerySelector("input#client")!.GetAttribute("list")));
        Assert.Equal(Rows.Select(row => row[RealUsage.Program]).Distinct().Order(StringComparer.Ordinal), page.QuerySelectorAll("#program option").Skip(1).Select(option => option.TextContent).Order(StringComparer.Ordinal));
        Assert.All(Offered("program"), key => Assert.Matches("^[0-9]+$", key));
        Assert.Equal(Rows.Select(row => row[DeviceId]).Where(device => device.Length > 0).Distinct().Order(StringComparer.Ordinal), Offered("device"));

        IEnumerable<string> Offered(string list) => page.QuerySelectorAll($"#{list} option").Cast<IHtmlOptionElement>().Select(option => option.Value).Where(value => value.Length > 0).Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("staff", StaffId)]
    [InlineData("client", ClientId)]
    [InlineData("program", RealUsage.Program)]
    [InlineData("device", DeviceId)]
    [InlineData("kind", Kind)]
    [InlineData("day", OccurredAt)]
    public async Task Groups_have_subtotals_that_the_file_agrees_with_and_each_opens_its_own_rows(string by, int field)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var expected = Rows.GroupBy(row => field == OccurredAt ? row[field][..10] : row[field]).Select(group => (group.Count(), CreditsOf(group), Pence(group))).Order().ToList();
        var page = await finance.PageAsync($"/usage-report{September}&groupBy={by}&rows=subtotals");
        var shown = page.QuerySelectorAll("tr[data-subtotal]");
        Assert.Equal(expected, shown.Select(row => ((int)Number(row, "data-subtotal"), Number(row, "data-credits"), Number(row, "data-cost-pence"))).Order());
        Assert.Empty(page.QuerySelectorAll("tr[data-event-id]"));
        var all = page.QuerySelector("tr[data-total=all]")!;
        Assert.Equal(Pence(Rows), Number(all, "data-cost-pence"));

        var explained = await finance.PageAsync(shown[0].QuerySelector("a")!.GetAttribute("href")!);
        Assert.Equal(Number(shown[0], "data-cost-pence"), Number(explained.QuerySelector("#by-price tr[data-total=all]")!, "data-cost-pence"));
        Assert.Equal(Number(shown[0], "data-subtotal"), Math.Min(1000, explained.QuerySelectorAll("#row-by-row tr[data-event-id]").Length));
    }

    [Fact]
    public async Task The_pages_of_a_grouped_month_have_every_row_once_group_by_group()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var first = await finance.PageAsync($"/usage-report{September}&groupBy=staff&sort=-cost,client");
        var second = await finance.PageAsync($"/usage-report{September}&groupBy=staff&sort=-cost,client&page=2");
        using var more = await finance.GetFragmentAsync(first.QuerySelector("tbody.more-rows")!.GetAttribute("hx-get")!);
        // The parts of a table mean nothing outside of one.
        var table = $"<table>{await more.Content.ReadAsStringAsync()}</table>";
        var fragment = await BrowsingContext.New().OpenAsync(page => page.Content(table));
        var ids = Ids(first).Concat(Ids(second)).ToList();
        Assert.Equal(Rows.Select(row => row[EventId]).Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
        Assert.Equal(Ids(second), Ids(fragment));
        // The dearest staff member first, and within each the dearest event.
        var byId = Rows.ToDictionary(row => row[EventId]);
        var staff = ids.Select(id => byId[id][StaffId]).Aggregate(new List<string>(), (seen, next) => seen is [.., var last] && last == next ? seen : [.. seen, next]);
        Assert.Equal(Rows.GroupBy(row => row[StaffId]).OrderByDescending(group => Pence(group)).Select(group => group.Key), staff);
        Assert.All(ids.Zip(ids.Skip(1)).Where(pair => byId[pair.First][StaffId] == byId[pair.Second][StaffId]), pair => Assert.True(Pence([byId[pair.First]]) >= Pence([byId[pair.Second]])));
        Assert.Equal(staff.Count, first.QuerySelectorAll("tr.usage-group-head").Length + second.QuerySelectorAll("tr.usage-group-head").Length);
        Assert.Equal(staff.Count, first.QuerySelectorAll("tr[data-subtotal]").Length + second.QuerySelectorAll("tr[data-subtotal]").Length);
        Assert.Contains(first.QuerySelectorAll("input[type=checkbox]"), box => box.ParentElement!.TextContent.Contains("Hide rows", StringComparison.Ordinal));

        static List<string> Ids(AngleSharp.Dom.IDocument page) => [.. page.QuerySelectorAll("tr[data-event-id]").Select(row => row.GetAttribute("data-event-id")!)];
    }

    [Theory]
    [InlineData("&groupBy=staff&newPages=true", "Staffmember:")]
    [InlineData("&groupBy=week", "Week:")]
    public async Task On_paper_each_group_has_its_heading_its_rows_and_its_subtotal_and_the_criteria_stand_there(string shape, string heading)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var answer = await finance.GetAsync("/usage-report/pdf" + September + shape);
        using var pdf = PdfRead.Open(await answer.Content.ReadAsByteArrayAsync());
        var pages = pdf.RowPages().Select(page => page.Dense()).ToList();
        var groups = Rows.GroupBy(row => heading == "Week:" ? ISOWeek.GetWeekOfYear(DateTime.Parse(row[OccurredAt][..10], CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture) : row[StaffId]).ToList();
        var text = string.Concat(pages);
        Assert.Equal(groups.Count, Times(text, "Subtotal:"));
        Assert.All(groups, group => Assert.Contains(Pounds(Pence(group)), text, StringComparison.Ordinal));
        Assert.Contains(Pounds(Pence(Rows)), pages[^1], StringComparison.Ordinal);
        Assert.All(pages, page => Assert.Contains("Groupedby:", page, StringComparison.Ordinal));
        if (shape.Contains("newPages", StringComparison.Ordinal)) Assert.All(pages, page => Assert.True(Times(page, heading) <= 1));
        else Assert.Equal(groups.Count, Times(text, heading) - Times(text, "(continued)"));

        static int Times(string text, string part) => text.Split(part).Length - 1;
    }

    [Theory]
    [InlineData("&columns=staff,credits&groupBy=kind")]
    [InlineData("&columns=credits,duration")]
    [InlineData("&columns=cost,date")]
    [InlineData("&columns=program,kind,client&rows=subtotals&groupBy=program")]
    [InlineData("&client=-&q=a&from=2026-09-01&to=2026-09-20&columns=device")]
    public async Task Chosen_columns_are_the_same_on_page_and_in_CSV_and_the_PDF_is_proved(string shape)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var answer = await finance.GetAsync("/usage-report/pdf" + September + shape);
        if (shape.EndsWith("device", StringComparison.Ordinal))
        {
            Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            return;
        }
        Assert.Equal("application/pdf", answer.Content.Headers.ContentType!.MediaType);
        var page = await finance.PageAsync("/usage-report" + September + shape);
        var chosen = System.Web.HttpUtility.ParseQueryString(shape)["columns"]!.Split(',').Except(["date", "cost"]);
        // Subtotals on screen have columns of their own.
        if (!shape.Contains("subtotals", StringComparison.Ordinal)) Assert.Equal(["date", .. chosen, "cost"], page.QuerySelectorAll("#usage-table thead th").Select(head => head.GetAttribute("data-column")!));
        Assert.All(page.QuerySelectorAll("#usage-table tr[data-event-id]"), row => Assert.Equal(chosen.Count() + 2, row.Children.Length));
        var csv = await finance.Http.GetStringAsync(new Uri("/usage-report/csv" + September + shape, UriKind.Relative));
        Assert.Equal(!shape.Contains("staff", StringComparison.Ordinal), !csv[..csv.IndexOf('\r', StringComparison.Ordinal)].Contains("Staff", StringComparison.Ordinal));
        var lines = shape.Contains("subtotals", StringComparison.Ordinal) ? Rows.GroupBy(row => row[RealUsage.Program]).Count() : Rows.Count;
        Assert.Equal(lines + 1, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("staff,credits", "eventId,occurredAt,serviceDate,staff,credits,unitPrice,costPence")]
    [InlineData("client,kind", "eventId,occurredAt,serviceDate,client,deviceId,identityNote,kind,unitPrice,costPence")]
    [InlineData("", "eventId,kind,occurredAt,serviceDate,staff,client,program,deviceId,identityNote,durationMinutes,credits,unitPrice,costPence")]
    public async Task Chosen_columns_are_the_fields_of_the_JSON_in_their_order(string columns, string fields)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var json = JsonDocument.Parse(await finance.Http.GetStringAsync(new Uri($"/usage-report/json{September}&columns={columns}", UriKind.Relative)));
        Assert.All(json.RootElement.GetProperty("rows").EnumerateArray(), row => Assert.Equal(fields, string.Join(',', row.EnumerateObject().Select(field => field.Name))));
        Assert.Equal(Pence(Rows), json.RootElement.GetProperty("rows").EnumerateArray().Sum(row => row.GetProperty("costPence").GetInt64()));
        Assert.Equal(CreditsOf(Rows), json.RootElement.GetProperty("totals").GetProperty("all").GetProperty("credits").GetInt64());
    }

    [Fact]
    public async Task What_a_form_sends_of_empty_fields_is_left_out_of_the_address()
    {
        const string Sent = "/usage-report?sessions=true&topUps=true&month=9&year=2026&staff=&client=-&program=&device=&from=&to=&q=&groupBy=staff&sort=-cost&sort=staff&sort=&columns=credits&columns=&columns=&pictures=true";
        const string Short = "/usage-report?year=2026&month=9&sessions=true&topUps=true&sort=-cost,staff&groupBy=staff&pictures=true&columns=date,credits,cost&client=-";
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var sent = await finance.GetAsync(Sent);
        Assert.Equal((System.Net.HttpStatusCode.Redirect, Short), (sent.StatusCode, sent.Headers.Location!.ToString()));
        using var arrived = await finance.GetAsync(Short);
        Assert.Equal(System.Net.HttpStatusCode.OK, arrived.StatusCode);

        using var fragment = await finance.GetFragmentAsync(Sent);
        Assert.Equal(Short, Assert.Single(fragment.Headers.GetValues("HX-Push-Url")));
        using var wrong = await finance.GetAsync("/usage-report?sessions=true&month=13&year=2026&staff=");
        Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        using var refused = await finance.GetFragmentAsync("/usage-report?sessions=true&month=13&year=2026&staff=");
        Assert.False(refused.Headers.Contains("HX-Push-Url"));
    }

    [Fact]
    public async Task A_saved_report_of_a_part_of_the_month_says_so()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var saved = await finance.PostAsync("/usage-report" + September, $"/usage-report/pdf{September}&client=-");
        Assert.Equal("Credit Usage Report 2026-09 - filtered.pdf", saved.Content.Headers.ContentDisposition!.FileNameStar);
        using var verified = await finance.UploadAsync(await saved.Content.ReadAsByteArrayAsync(), "report.pdf", "/verify");
        Assert.Contains("It shows part of the month: its pages say which.", (await Visitor.ReadAsync(verified)).QuerySelector("[data-verdict=current]")!.TextContent, StringComparison.Ordinal);
        using var whole = await finance.PostAsync("/usage-report" + September, $"/usage-report/pdf{September}");
        using var verifiedWhole = await finance.UploadAsync(await whole.Content.ReadAsByteArrayAsync(), "report.pdf", "/verify");
        Assert.DoesNotContain("part of the month", (await Visitor.ReadAsync(verifiedWhole)).QuerySelector("[data-verdict]")!.TextContent, StringComparison.Ordinal);
        var list = await finance.PageAsync("/saved-reports");
        Assert.Contains("Filtered by client", list.QuerySelector("main table")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_accountants_copy_narrowed_to_a_client_says_the_code_and_not_the_id()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var client = Rows.First(row => row[ClientId].Length > 0);
        using var coded = await finance.GetAsync($"/usage-report/print{September}&copy=accountant&groupBy=client&client={client[ClientId]}");
        Assert.DoesNotContain(client[ClientId], coded.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var html = await finance.Http.GetStringAsync(coded.Headers.Location);
        Assert.Contains("Client: Client 0", html, StringComparison.Ordinal);
        Assert.DoesNotContain(client[ClientName], html, StringComparison.Ordinal);
        Assert.DoesNotContain($"Client: {client[ClientId]}", html, StringComparison.Ordinal);
    }

    private static long Number(AngleSharp.Dom.IElement row, string attribute) => long.Parse(row.GetAttribute(attribute)!, CultureInfo.InvariantCulture);
}
