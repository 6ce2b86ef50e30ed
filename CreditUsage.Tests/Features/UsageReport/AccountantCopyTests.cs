using System.Globalization;
using System.Net;
using System.Text.Json;
using CreditUsage.Features.Corrections;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.UsageReport;

/// <summary>The accountant's copy: the same totals, and nobody's name.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class AccountantCopyTests(Clinics clinics)
{
    private const string Plain = "?year=2026&month=9&sessions=true&topUps=true";
    private const string Copy = Plain + "&copy=accountant";
    private const string August = "?year=2026&month=8&sessions=true&topUps=true";
    private const string Hidden = Copy + "&programs=hidden";

    private static readonly IReadOnlyList<string[]> Month = SharedData.Rows(SharedData.Awkward).Where(row => row[2].StartsWith("2026-09", StringComparison.Ordinal)).ToList();

    private static readonly IReadOnlyList<string> Names = Month.Select(row => Recorded(row[6])).Where(name => name.Length > 0).Distinct().ToList();

    private static readonly long Pence = SharedData.Totals("usage-awkward-totals.csv").Where(total => total.Month == "2026-09").Sum(total => total.CostPence);

    [Fact]
    public async Task No_client_is_named_on_the_page_on_paper_or_in_any_file()
    {
        Assert.True(Names.Count >= 30);
        var programs = Month.Select(row => row[7]).Distinct().ToList();
        var plain = await TextsAsync(Plain);
        var copies = await TextsAsync(Copy);
        var hidden = await TextsAsync(Hidden);

        Assert.Equal(plain.Keys, copies.Keys);
        // What is looked for is found in the report itself, so that not finding it in a copy means something.
        Assert.All(plain, form => Assert.All(Names, name => Assert.Contains(Found(name), form.Value, StringComparison.Ordinal)));
        Assert.All(plain, form => Assert.All(programs, program => Assert.Contains(Found(program), form.Value, StringComparison.Ordinal)));
        Assert.All(copies.Concat(hidden), form => Assert.All(Names, name => Assert.DoesNotContain(Found(name), form.Value, StringComparison.Ordinal)));
        Assert.All(copies, form => Assert.All(programs, program => Assert.Contains(Found(program), form.Value, StringComparison.Ordinal)));
        Assert.All(hidden, form => Assert.All(programs, program => Assert.DoesNotContain(Found(program), form.Value, StringComparison.Ordinal)));
        Assert.All(copies, form => Assert.Matches("Client[0-9]{4}", form.Value));
        Assert.All(hidden.Keys.Except(["csv"]), form => Assert.Contains("accountant'scopy", hidden[form], StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task No_client_is_named_in_the_PDF()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);
        var plain = await PdfAsync(finance, Plain);
        var copy = await PdfAsync(finance, Hidden);

        // Letters that the engine neither turns round nor takes from another font.
        var readable = Names.Where(name => name.All(char.IsAscii) && name.Length < 24).ToList();
        Assert.True(readable.Count >= 20);
        Assert.All(readable, name => Assert.Contains(Found(name), plain, StringComparison.Ordinal));
        Assert.All(Names, name => Assert.DoesNotContain(Found(name), copy, StringComparison.Ordinal));
        Assert.Contains("CreditUsageReport-accountant'scopy,programshidden", copy, StringComparison.Ordinal);
        Assert.Contains($"£{(Pence / 100m).ToString("N2", CultureInfo.InvariantCulture)}", copy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_totals_are_those_of_the_report()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);

        var page = await finance.PageAsync("/usage-report" + Hidden);
        using var json = JsonDocument.Parse(await finance.Http.GetStringAsync(Address("/json", Hidden)));
        var sheet = XlsxRead.Open(await finance.Http.GetByteArrayAsync(Address("/xlsx", Hidden)), "Report");
        var csv = (await finance.Http.GetStringAsync(Address("/csv", Hidden))).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(Pence.ToString(CultureInfo.InvariantCulture), page.Total("all").CostPence);
        Assert.Equal(Pence, json.RootElement.GetProperty("totals").GetProperty("all").GetProperty("costPence").GetInt64());
        Assert.Equal(Pence / 100m, sheet.Calculate($"J{sheet.LastRow}"));
        Assert.Equal(Pence, csv.Skip(1).Sum(line => (long)(decimal.Parse(line.Split(',')[^3], CultureInfo.InvariantCulture) * 100)));
        Assert.Equal(Month.Count + 1, csv.Length);
    }

    [Fact]
    public async Task It_says_so_and_leads_to_nothing_that_names_a_client()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);

        var page = await finance.PageAsync("/usage-report" + Hidden);
        using var csv = await finance.GetAsync("/usage-report/csv" + Hidden);
        using var pdf = await finance.GetAsync("/usage-report/pdf" + Copy);

        Assert.Contains("Accountant's copy", page.QuerySelector("#results-heading")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("accountant's copy, programs hidden", page.QuerySelector("caption")!.TextContent, StringComparison.Ordinal);
        Assert.True(page.QuerySelector("#copy")!.HasAttribute("checked") && page.QuerySelector("#programs")!.HasAttribute("checked"));
        Assert.Empty(page.QuerySelectorAll("#usage-table a[href*='/corrections']"));
        Assert.All(page.QuerySelectorAll(".result-actions a, .result-actions form, thead a, .more-rows"), link =>
            Assert.Contains("copy=accountant&programs=hidden", link.GetAttribute("href") ?? link.GetAttribute("action") ?? link.GetAttribute("hx-get"), StringComparison.Ordinal));
        Assert.Equal("Credit Usage Report 2026-09 - accountant copy - programs hidden.csv", csv.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal("Credit Usage Report 2026-09 - accountant copy.pdf", pdf.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.NotEmpty((await finance.PageAsync("/usage-report" + Plain)).QuerySelectorAll("#usage-table a[href*='/corrections']"));
    }

    [Theory]
    [InlineData("&copy=auditor", "copy", "Tick Accountant's copy or leave it empty")]
    [InlineData("&copy=", "copy", "Tick Accountant's copy or leave it empty")]
    [InlineData("&copy=accountant&programs=shown", "programs", "Tick Hide programs")]
    [InlineData("&programs=hidden", "copy", "tick Accountant's copy too")]
    public async Task Another_copy_is_refused_in_words(string more, string field, string words)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);

        using var answer = await finance.GetAsync("/usage-report" + Plain + more);
        using var file = await finance.GetAsync("/usage-report/csv" + Plain + more);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, file.StatusCode);
        var page = await Visitor.ReadAsync(answer);
        var fault = page.QuerySelector($".fault-summary a[href='#{field}']");
        Assert.Contains(words, fault!.TextContent, StringComparison.Ordinal);
        Assert.Equal("true", page.QuerySelector($"#{field}")!.GetAttribute("aria-invalid"));
    }

    [Fact]
    public async Task A_client_has_one_code_in_every_month_and_under_every_name_and_a_shared_card_shows_its_number_alone()
    {
        await using var site = new Site();
        site.UseKestrel(0);
        site.StartServer();
        var clinic = await site.SubscriptionAsync("Coded Clinic", new DateOnly(2026, 1, 1));
        await site.UserAsync(clinic, "coded@clinic.example", Roles.FinanceAdministrator);
        await site.ImportRowsAsync(
            clinic,
            CsvRow.Session("E1", "2026-09-01T09:00:00Z", client: "Ann Before"),
            CsvRow.Line("E2", "connected-session", "2026-09-02T09:00:00Z", "S1", "Sam Staff", "C2", "Zed Other", "Sleep", "", "", "5", "", ""),
            CsvRow.Session("E3", "2026-10-01T09:00:00Z", client: "Ann After"),
            CsvRow.TopUp("E4", "2026-10-02", note: "Ann's own card"));
        using var visitor = await Visitor.SignedInAsync(site, "coded@clinic.example");

        var september = await ClientsAsync(visitor, "?year=2026&month=9&sessions=true&topUps=true&copy=accountant");
        var october = await ClientsAsync(visitor, "?year=2026&month=10&sessions=true&topUps=true&copy=accountant");
        using var saved = await visitor.PostAsync("/usage-report?year=2026&month=10&sessions=true&topUps=true", "/usage-report/pdf?year=2026&month=10&sessions=true&topUps=true&copy=accountant");
        var archive = await visitor.PageAsync("/saved-reports");

        Assert.Equal(september[0], october[0]);
        Assert.NotEqual(september[0], september[1]);
        Assert.All(september, code => Assert.Matches("^Client [0-9]{4}$", code));
        Assert.Equal("1000000001", october[1]);
        Assert.Equal("Credit Usage Report 2026-10 - accountant copy.pdf", saved.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Contains("accountant's copy", archive.QuerySelector("[data-saved-report]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_correction_stands_in_it_without_its_reason()
    {
        const string reason = "Ann Client was charged twice";
        await using var clinic = await ClosingClinic.OpenAsync();
        await clinic.InAsync(services => services.GetRequiredService<CorrectUsage>().ReverseAsync("A1", reason, CancellationToken.None));
        using var finance = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Finance);

        var forms = new Dictionary<string, (string Plain, string Copy)>();
        foreach (var form in new[] { "", "/print", "/csv", "/json" })
            forms[form] = (await finance.Http.GetStringAsync(Address(form, August)), await finance.Http.GetStringAsync(Address(form, August + "&copy=accountant")));
        var (plain, copy) = (await SheetAsync(finance, August), await SheetAsync(finance, August + "&copy=accountant"));

        Assert.All(forms, form => Assert.Contains(reason, form.Value.Plain, StringComparison.Ordinal));
        Assert.All(forms, form => Assert.DoesNotContain(reason, form.Value.Copy, StringComparison.Ordinal));
        Assert.Contains("correction of A1</span>", forms[""].Copy, StringComparison.Ordinal);
        Assert.Contains($"correction of A1: {reason}", plain.Column('L', 2, 4));
        Assert.Contains("correction of A1", copy.Column('L', 2, 4));
        // A session of five credits and its reversal, and a top-up of one, at 50p.
        Assert.Equal((3, 1, 0.5m), ((int)copy.Calculate($"G{copy.LastRow}"), (int)copy.Calculate($"I{copy.LastRow}"), copy.Calculate($"J{copy.LastRow}")));
        Assert.Equal("0.5", copy[$"J{copy.LastRow}"]!.TrimEnd('0'));
    }

    /// <summary>Each form as the text that is in it, without white space; the PDF breaks its lines where it must.</summary>
    private async Task<Dictionary<string, string>> TextsAsync(string query)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);
        var page = (await finance.PageAsync("/usage-report" + query)).Body!.TextContent;
        var print = (await finance.PageAsync("/usage-report/print" + query)).Body!.TextContent;
        using var json = JsonDocument.Parse(await finance.Http.GetStringAsync(Address("/json", query)));
        return new Dictionary<string, string>
        {
            ["page"] = Dense(page),
            ["print"] = Dense(print),
            ["csv"] = Dense((await finance.Http.GetStringAsync(Address("/csv", query))).Replace("\"\"", "\"", StringComparison.Ordinal)),
            ["json"] = Dense(string.Concat(Strings(json.RootElement))),
            ["xlsx"] = Dense(await SheetsAsync(finance, query)),
        };
    }

    private static async Task<string> PdfAsync(Visitor visitor, string query)
    {
        using var pdf = PdfRead.Open(await visitor.Http.GetByteArrayAsync(Address("/pdf", query)));
        return string.Concat(pdf.GetPages().Select(page => page.Dense()));
    }

    private static async Task<string> SheetsAsync(Visitor visitor, string query)
    {
        var book = await visitor.Http.GetByteArrayAsync(Address("/xlsx", query));
        return XlsxRead.Open(book, "Report").Sheet.Value + XlsxRead.Open(book, "About").Sheet.Value;
    }

    private static async Task<XlsxRead> SheetAsync(Visitor visitor, string query) => XlsxRead.Open(await visitor.Http.GetByteArrayAsync(Address("/xlsx", query)), "Report");

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Strings(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.String => [element.GetString() + "\n"],
        _ => [],
    };

    private static async Task<List<string>> ClientsAsync(Visitor visitor, string query) =>
        [.. (await visitor.PageAsync("/usage-report" + query)).Column(3)];

    private static Uri Address(string form, string query) => new($"/usage-report{form}{query}", UriKind.Relative);

    private static string Found(string name) => Dense(name);

    private static string Dense(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));

    /// <summary>As domain.md says that names are kept.</summary>
    private static string Recorded(string name) => string.Join(' ', name.Normalize().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
