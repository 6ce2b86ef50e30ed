using System.Globalization;
using System.Net;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Core.Files;

/// <summary>The Excel workbook, read back from its XML.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class UsageXlsxTests(Clinics clinics)
{
    private const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    [Fact]
    public async Task Totals_are_formulas_that_agree_with_the_rows_and_with_the_totals_file()
    {
        var expected = SharedData.Totals("usage-totals.csv").Where(total => total.Month == "2026-10").ToDictionary(total => total.Kind);
        var (sessions, topUps) = (expected["connected-session"], expected["daily-top-up"]);
        var sheet = await SheetAsync(Clinics.Finance, "?year=2026&month=10&sessions=true&topUps=true");

        var last = sheet.LastRow;
        Assert.Equal(sessions.Events + topUps.Events + 6, last);
        AssertTotal(sheet, last - 2, "Connected sessions", sessions.Events, sessions.Credits, sessions.CostPence);
        AssertTotal(sheet, last - 1, "Daily top-ups", topUps.Events, topUps.Credits, topUps.CostPence);
        AssertTotal(sheet, last, "Total", sessions.Events + topUps.Events, sessions.Credits + topUps.Credits, sessions.CostPence + topUps.CostPence);
        Assert.Equal(12, sheet.Formulas.Count);
    }

    [Fact]
    public async Task Cells_have_types_and_formats_and_the_head_stays_in_sight_and_filters()
    {
        await using var site = Started();
        var clinic = await site.SubscriptionAsync("Typed Clinic", new DateOnly(2026, 1, 1));
        await site.UserAsync(clinic, "typed@clinic.example", Roles.FinanceAdministrator);
        await site.ImportRowsAsync(
            clinic, CsvRow.Session("E1", "2026-10-01T10:30:00+01:00", minutes: 15, cost: "1234567.89"), CsvRow.TopUp("E2", "2026-10-02", cost: "0.05"));
        using var visitor = await Visitor.SignedInAsync(site, "typed@clinic.example");

        var sheet = XlsxRead.Open(await visitor.Http.GetByteArrayAsync(new Uri("/usage-report/xlsx?year=2026&month=10&sessions=true&topUps=true", UriKind.Relative)), "Report");

        var day = (new DateOnly(2026, 10, 1).DayNumber - new DateOnly(1899, 12, 30).DayNumber).ToString(CultureInfo.InvariantCulture);
        Assert.Equal([day, "Connected session", "Sam Staff", "Ann Client", "Sleep", null, "15", "3", "1234567.89", "E1"], new[] { "A2", "C2", "D2", "E2", "F2", "G2", "H2", "I2", "J2", "K2" }.Select(cell => sheet[cell]));
        Assert.Equal((9.5 / 24).ToString("R", CultureInfo.InvariantCulture), sheet["B2"]);
        Assert.Equal([null, "Daily top-up", "1000000001 Front desk", "1000000001", null, "1", "0.05"], new[] { "B3", "C3", "E3", "G3", "H3", "I3", "J3" }.Select(cell => sheet[cell]));
        Assert.Equal(["dd/mm/yyyy", "hh:mm:ss", "#,##0", "#,##0", "\"£\"#,##0.00;\"-£\"#,##0.00"], new[] { "A2", "B2", "H2", "I2", "J2" }.Select(sheet.Format));
        Assert.All(["A2", "B2", "H2", "I2", "J2"], cell => Assert.False(sheet.IsText(cell)));
        Assert.All(["C2", "D2", "E2", "F2", "K2", "G3"], cell => Assert.Equal((true, "@"), (sheet.IsText(cell), sheet.Format(cell))));
        Assert.Equal(("A1:L3", "1"), (sheet.Filtered, sheet.Frozen));
        Assert.Equal("Date (GMT),Time (GMT),Kind,Staff,Client,Program,Device,Duration (minutes),Credits,Cost (GBP),Event,Note", string.Join(',', Enumerable.Range(0, 12).Select(column => sheet[$"{(char)('A' + column)}1"])));
    }

    [Fact]
    public async Task Awkward_names_are_text_as_they_were_recorded_and_no_formula_is_anybodys_but_ours()
    {
        var rows = SharedData.Rows(SharedData.Awkward).Where(row => row[2].StartsWith("2026-09", StringComparison.Ordinal)).ToDictionary(row => row[0]);
        var sheet = await SheetAsync(Clinics.AwkwardFinance, "?year=2026&month=9&sessions=true&topUps=true");

        Assert.Contains(rows.Values, row => row[6].StartsWith('='));
        Assert.All(Enumerable.Range(2, rows.Count), number =>
        {
            var row = rows[sheet[$"K{number}"]!];
            Assert.Equal((Recorded(row[4]), Recorded(row[6]), row[7]), (sheet[$"D{number}"], sheet[$"E{number}"], sheet[$"F{number}"]));
        });
        Assert.All(sheet.Formulas, formula => Assert.Matches(@"^(ROUND\()?(COUNTA|COUNTIF|SUMIFS|SUM)\([A-Z$0-9:,""a-z -]+\)(,2\))?$", formula));
    }

    [Fact]
    public async Task What_a_spreadsheet_or_XML_would_read_otherwise_comes_back_as_it_was_and_withheld_money_is_said_to_be()
    {
        string[] names = ["_x0041_", "=1+1", "<b>&amp;</b>", "🙂 \"Zoë\"", "a_xZZZZ_"];
        await using var site = Started();
        var clinic = await site.SubscriptionAsync("Sharp & <Sons>", new DateOnly(2026, 1, 1));
        await site.UserAsync(clinic, "sharp@clinic.example", Roles.FinanceAdministrator);
        await site.ImportRowsAsync(clinic, [.. names.Select((name, place) => CsvRow.Session($"E{place}", $"2026-10-0{place + 1}T09:00:00Z", client: name))]);
        using var visitor = await Visitor.SignedInAsync(site, "sharp@clinic.example");

        var book = await visitor.Http.GetByteArrayAsync(new Uri("/usage-report/xlsx?year=2026&month=10&sessions=true", UriKind.Relative));

        var (sheet, about) = (XlsxRead.Open(book, "Report"), XlsxRead.Open(book, "About"));
        Assert.Equal(names, sheet.Column('E', 2, names.Length + 1));
        Assert.Equal(("25", "withheld"), (sheet[$"I{sheet.LastRow}"], sheet[$"J{sheet.LastRow}"]));
        Assert.All(sheet.Column('J', 2, names.Length + 1), Assert.Null);
        Assert.Equal(["Credit Usage Report", "Sharp & <Sons>", "October 2026", "Open", "connected sessions"], about.Column('B', 1, 5));
        Assert.Contains("sharp@clinic.example", about.Column('B', 6, about.LastRow));
        Assert.Matches("^[0-9a-f]{64}$", about[$"B{about.LastRow}"]);
    }

    [Fact]
    public async Task A_month_without_usage_is_a_head_and_totals_of_nothing()
    {
        var sheet = await SheetAsync(Clinics.EmptyFinance, "?year=2026&month=10&sessions=true&topUps=true");

        Assert.Equal((6, "A1:L1"), (sheet.LastRow, sheet.Filtered));
        AssertTotal(sheet, 6, "Total", 0, 0, 0);
    }

    [Theory]
    [InlineData("staff,credits", "Date (GMT),Time (GMT),Staff,Credits,Cost (GBP),Event,Note,Kind", "A1:G", 'C', null, 'D', 'E', 'H')]
    [InlineData("credits,duration,kind", "Date (GMT),Time (GMT),Credits,Duration (minutes),Kind,Cost (GBP),Event,Note", "A1:H", 'B', 'D', 'C', 'F', null)]
    [InlineData("client", "Date (GMT),Time (GMT),Client,Device,Cost (GBP),Event,Note,Kind", "A1:G", 'D', null, null, 'E', 'H')]
    public async Task Chosen_columns_stand_in_their_order_and_the_totals_calculate_below_them(string columns, string heads, string filtered, char rows, char? minutes, char? credits, char cost, char? hidden)
    {
        var expected = SharedData.Totals("usage-totals.csv").Where(total => total.Month == "2026-10").ToDictionary(total => total.Kind);
        var sheet = await SheetAsync(Clinics.Finance, "?year=2026&month=10&sessions=true&topUps=true&columns=" + columns);

        var letters = heads.Split(',').Select((_, place) => (char)('A' + place)).ToList();
        Assert.Equal(heads, string.Join(',', letters.Select(letter => sheet[$"{letter}1"])));
        Assert.Equal($"{filtered}{sheet.LastRow - 5}", sheet.Filtered);
        Assert.Equal(letters.Select(letter => letter == hidden), sheet.Sheet.Descendants().Where(part => part.Name.LocalName == "col").Select(column => column.Attribute("hidden")?.Value == "1"));
        foreach (var (row, kind) in new[] { (sheet.LastRow - 2, "connected-session"), (sheet.LastRow - 1, "daily-top-up"), (sheet.LastRow, "") })
        {
            var totals = expected.Where(total => kind.Length == 0 || total.Key == kind).Select(total => total.Value).ToList();
            Assert.Equal(totals.Sum(total => total.Events), Worked(rows, row));
            Assert.Equal(totals.Sum(total => total.CostPence) / 100m, Worked(cost, row));
            if (credits is { } ofCredits) Assert.Equal(totals.Sum(total => total.Credits), Worked(ofCredits, row));
            if (minutes is { } ofMinutes) Assert.Equal(sheet.Calculate($"{ofMinutes}{row}"), Worked(ofMinutes, row));
        }
        Assert.Equal(3 * new char?[] { rows, minutes, credits, cost }.Count(letter => letter is not null), sheet.Formulas.Count);

        decimal Worked(char letter, int row)
        {
            Assert.Equal(sheet.Calculate($"{letter}{row}"), decimal.Parse(sheet[$"{letter}{row}"]!, CultureInfo.InvariantCulture));
            return sheet.Calculate($"{letter}{row}");
        }
    }

    [Fact]
    public async Task It_is_named_after_the_month_and_asked_for_wrongly_it_is_refused_in_words()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);

        using var sessions = await finance.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/usage-report/xlsx?year=2026&month=10&sessions=true"));
        using var neither = await finance.GetAsync("/usage-report/xlsx?year=2026&month=10");

        Assert.Equal((HttpStatusCode.OK, ContentType, "Credit Usage Report 2026-10 - sessions.xlsx"),
            (sessions.StatusCode, sessions.Content.Headers.ContentType!.ToString(), sessions.Content.Headers.ContentDisposition!.FileNameStar));
        Assert.Empty(await sessions.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, neither.StatusCode);
        Assert.Contains("Select connected sessions", await neither.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var page = await finance.PageAsync("/usage-report?year=2026&month=10&sessions=true");
        Assert.Contains(page.QuerySelectorAll(".result-actions a"), link => link.TextContent == "Download Excel" && link.GetAttribute("href") == "/usage-report/xlsx?year=2026&month=10&sessions=true");
    }

    private async Task<XlsxRead> SheetAsync(string who, string query)
    {
        using var visitor = await Visitor.SignedInAsync(clinics.Site, who);
        using var answer = await visitor.GetAsync("/usage-report/xlsx" + query);
        Assert.Equal(ContentType, answer.Content.Headers.ContentType!.ToString());
        return XlsxRead.Open(await answer.Content.ReadAsByteArrayAsync(), "Report");
    }

    private static void AssertTotal(XlsxRead sheet, int row, string name, long rows, long credits, long pence)
    {
        Assert.Equal(name, sheet[$"A{row}"]);
        decimal[] expected = [rows, credits, pence / 100m];
        Assert.Equal(expected, new[] { 'G', 'I', 'J' }.Select(column => decimal.Parse(sheet[$"{column}{row}"]!, CultureInfo.InvariantCulture)));
        Assert.Equal(expected, new[] { 'G', 'I', 'J' }.Select(column => sheet.Calculate($"{column}{row}")));
        Assert.Equal(sheet.Calculate($"H{row}"), decimal.Parse(sheet[$"H{row}"]!, CultureInfo.InvariantCulture));
    }

    /// <summary>As domain.md says that names are kept.</summary>
    private static string Recorded(string name) => string.Join(' ', name.Normalize().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static Site Started()
    {
        var site = new Site();
        site.UseKestrel(0);
        site.StartServer();
        return site;
    }
}
