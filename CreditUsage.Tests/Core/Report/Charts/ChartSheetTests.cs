using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using CreditUsage.Core.Report.Charts;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using static CreditUsage.Tests.Core.Report.RealUsage;

namespace CreditUsage.Tests.Core.Report.Charts;

/// <summary>Paper that begins with a sheet of pictures: by the real engine, and read back by other code.</summary>
[Collection(ClinicsCollection.Name)]
public sealed partial class ChartSheetTests(Clinics clinics)
{
    private const string September = "?year=2026&month=9&sessions=true&topUps=true";

    private static readonly IReadOnlyList<string[]> Rows = Of("2026-09");

    [Fact]
    public void A_bar_keeps_the_names_by_which_saved_reports_know_their_content() => Assert.Equal(
        """{"Label":"October 2026","AxisLabel":"Oct","Value":5,"Shown":"0.05","Address":null,"Marked":true}""",
        JsonSerializer.Serialize(new Bar("October 2026", "Oct", 5, "0.05", Address: null, Marked: true) { Kinds = new(3, 2, "0.03", "0.02"), Weekend = true }));

    [Theory]
    [InlineData("")]
    [InlineData("&groupBy=staff&rows=subtotals")]
    [InlineData("&columns=staff,credits&sort=-cost")]
    public async Task The_page_of_charts_stands_before_the_rows_which_go_on_as_they_do_without_it(string shape)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var plain = PdfRead.Open(await PdfAsync(finance, September + shape));
        using var drawn = PdfRead.Open(await PdfAsync(finance, September + shape + "&pictures=true"));

        Assert.Equal(plain.NumberOfPages + 1, drawn.NumberOfPages);
        Assert.Equal(plain.GetPages().Select(page => Dates(page.Dense())), drawn.GetPages().Where(page => page.Number != 2).Select(page => Dates(page.Dense())));
        Assert.All(drawn.GetPages(), page => Assert.Contains($"Page{page.Number}of{drawn.NumberOfPages}", page.Dense(), StringComparison.Ordinal));
        var sheet = drawn.GetPage(2).Dense();
        Assert.All(["Costbymonth", "Costbyday,September2026", "Costbystaffmember,September2026", "Costbyprogram,September2026"], title => Assert.Contains(title, sheet, StringComparison.Ordinal));
        var amounts = Money().Matches(sheet).Select(match => match.Value).ToList();
        Assert.Equal(Expected(StaffId).Concat(Expected(RealUsage.Program)), amounts.Select(Number));
    }

    [Fact]
    public async Task The_print_begins_with_the_same_pictures_each_with_words_for_those_who_cannot_see_it()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var page = await finance.PageAsync("/usage-report/print" + September + "&pictures=true");
        Assert.Equal(Expected(StaffId).Concat(Expected(RealUsage.Program)), page.QuerySelectorAll(".pictures-sheet td.amount").Select(cell => Number(cell.TextContent)));
        Assert.Equal(2, page.QuerySelectorAll(".pictures-sheet svg[role=img]").Length);
        Assert.All(page.QuerySelectorAll(".pictures-sheet svg[role=img]"), picture => Assert.Contains("the largest is", picture.QuerySelector("desc")!.TextContent, StringComparison.Ordinal));
        Assert.Equal(Rows.Count, page.QuerySelectorAll("#usage-table tr[data-event-id]").Length);
        Assert.Empty((await finance.PageAsync("/usage-report/print" + September)).QuerySelectorAll(".pictures-sheet"));
    }

    [Fact]
    public async Task The_box_stays_ticked_in_address_and_views_and_another_value_is_refused()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var page = await finance.PageAsync("/usage-report" + September + "&pictures=true");
        Assert.True(page.QuerySelector("#pictures")!.HasAttribute("checked"));
        Assert.All(["form#save-pdf", "form.save-view"], form => Assert.Contains("pictures=true", page.QuerySelector(form)!.GetAttribute("action"), StringComparison.Ordinal));
        using var refused = await finance.GetAsync("/usage-report/pdf" + September + "&pictures=yes");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
    }

    [Fact]
    public async Task A_long_month_is_drawn_and_proved_in_parts_whatever_its_people_are_called_and_without_a_price()
    {
        string[] awkward = ["01/10/2026", "£1,207.56", "–", "0", "01/10/2026 of the ward on the second floor", new('W', 200), "محمد 12", "Ann <b>& Co</b>"];
        var clinic = await clinics.Site.SubscriptionAsync("Drawn in parts", new DateOnly(2026, 10, 1));
        await clinics.Site.UserAsync(clinic, "finance@parts.example", Roles.FinanceAdministrator);
        // 100 long sessions of eight people whose names are awkward, 3,000 of one credit each of twelve others.
        var sessions = Enumerable.Range(0, 3100).Select(i => i % 31 == 0 ? (Id: i, Staff: $"A{i / 31 % 8}", Name: awkward[i / 31 % 8], Minutes: 500) : (Id: i, Staff: $"S{i % 12}", Name: $"Staff {i % 12}", Minutes: 5)).ToList();
        Assert.Empty((await clinics.Site.ImportRowsAsync(clinic, [.. sessions.Select(session => CsvRow.Line(
            $"P{session.Id:0000}", "connected-session", $"2026-10-{(session.Id % 31) + 1:00}T09:00:00Z", session.Staff, session.Name, "C1", "Ann Client", session.Name, "", "", $"{session.Minutes}", "", ""))])).Errors);
        using var finance = await Visitor.SignedInAsync(clinics.Site, "finance@parts.example");

        await DrawnAsync();
        await clinics.Site.PriceAsync(clinic, new DateOnly(2026, 10, 1), 450_000);
        var others = sessions.Where(session => session.Minutes == 5).GroupBy(session => session.Name).Select(staff => staff.Count() * 45L).Order().Take(7).Sum();
        Assert.Contains($"7others{Pounds(others)}", await DrawnAsync(), StringComparison.Ordinal);

        async Task<string> DrawnAsync()
        {
            using var pdf = PdfRead.Open(await PdfAsync(finance, "?year=2026&month=10&sessions=true&pictures=true"));
            var pages = pdf.GetPages().Select(page => page.Dense()).ToList();
            Assert.Equal(3100, pages.Skip(2).Sum(page => Session().Count(page)));
            for (var number = 1; number <= pages.Count; number++) Assert.Contains($"Page{number}of{pages.Count}", pages[number - 1], StringComparison.Ordinal);
            // 13 of the 20 people by name, the others together.
            Assert.Contains("7others", pages[1], StringComparison.Ordinal);
            return pages[1];
        }
    }

    [Fact]
    public async Task It_is_kept_apart_from_the_plain_one_and_made_anew_when_what_is_drawn_has_changed()
    {
        var clinic = await clinics.Site.SubscriptionAsync("Drawn and kept", new DateOnly(2026, 8, 1));
        await clinics.Site.UserAsync(clinic, "finance@drawn.example", Roles.FinanceAdministrator);
        await clinics.Site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-09-01T09:30:00Z", cost: "1.50"));
        using var finance = await Visitor.SignedInAsync(clinics.Site, "finance@drawn.example");

        var plain = await SavedAsync("&summary=none");
        var first = await SavedAsync("&pictures=true&summary=none");
        Assert.Equal(first, await SavedAsync("&pictures=true&summary=none"));
        // Another month's bar stands on the sheet, too, and nowhere on the plain one.
        await clinics.Site.ImportRowsAsync(clinic, CsvRow.Session("E2", "2026-08-01T09:30:00Z", cost: "1.50"));
        var second = await SavedAsync("&pictures=true&summary=none");

        Assert.Equal(plain, await SavedAsync("&summary=none"));
        Assert.Equal(3, new[] { plain, first, second }.Distinct().Count());
        var rows = (await finance.PageAsync("/saved-reports")).QuerySelectorAll("tr[data-saved-report]");
        Assert.Equal(2, rows.Count(row => row.TextContent.Contains(", with charts", StringComparison.Ordinal)));
        Assert.Single(rows, row => row.TextContent.Contains("superseded by draft 2", StringComparison.Ordinal));
        var file = await finance.Http.GetByteArrayAsync(new Uri(second + "/download", UriKind.Relative));
        using var verified = await finance.UploadAsync(file, "report.pdf", "/verify");
        Assert.Equal("current", (await Visitor.ReadAsync(verified)).QuerySelector("[data-verdict]")!.GetAttribute("data-verdict"));

        async Task<string> SavedAsync(string extra)
        {
            using var answer = await finance.PostAsync("/usage-report" + September, "/usage-report/pdf" + September + extra);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return answer.Content.Headers.ContentLocation!.ToString();
        }
    }

    private static async Task<byte[]> PdfAsync(Visitor visitor, string query)
    {
        using var answer = await visitor.GetAsync("/usage-report/pdf" + query);
        Assert.True(answer.IsSuccessStatusCode, (await Visitor.ReadAsync(answer)).QuerySelector("[data-problem]")?.TextContent);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Pence of each of a kind of name, the most first; beyond 14 names those after the 13th together.</summary>
    private static List<long> Expected(int field)
    {
        var all = Rows.GroupBy(row => row[field]).Select(Pence).OrderDescending().ToList();
        return all.Count <= 14 ? all : [.. all.Take(13), all.Skip(13).Sum()];
    }

    private static long Number(string pounds) => long.Parse(pounds.Trim('£').Replace(",", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private static List<string> Dates(string page) => [.. Day().Matches(page).Select(match => match.Value)];

    [GeneratedRegex(@"£[0-9,]+\.[0-9]{2}", RegexOptions.None, 1000)]
    private static partial Regex Money();

    [GeneratedRegex("Connectedsession(?!s)", RegexOptions.None, 1000)]
    private static partial Regex Session();

    [GeneratedRegex(@"(?<!Printedby\S*)\d\d/\d\d/\d{4}(?=Connected|Daily|\S*£|\S*–)", RegexOptions.None, 1000)]
    private static partial Regex Day();
}
