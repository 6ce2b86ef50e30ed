using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Pack;

/// <summary>The pack: one file with the month in every form, and what each part must be.</summary>
public sealed class PackTests
{
    private const string August = "?year=2026&month=8&sessions=true&topUps=true";
    private const string October = "?year=2026&month=10&sessions=true&topUps=true";

    [Fact]
    public async Task A_closed_months_pack_holds_the_kept_PDF_and_every_part_is_what_the_manifest_says()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        var closing = await clinic.CloseAsync(ClosingClinic.August);
        using var auditor = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Auditor);

        using var answer = await auditor.GetAsync("/usage-report/pack" + August);
        var pack = await EntriesAsync(answer);

        Assert.Equal(("application/zip", "Credit Usage Pack 2026-08.zip"), (answer.Content.Headers.ContentType!.ToString(), answer.Content.Headers.ContentDisposition!.FileNameStar));
        Assert.Equal(
            ["Audit 2026-08.csv", "Credit Prices 2026-08.csv", "Credit Usage Report 2026-08.csv", "Credit Usage Report 2026-08.json", "Credit Usage Report 2026-08.pdf", "Credit Usage Report 2026-08.xlsx", "manifest.json"],
            pack.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(closing.PdfSha256, Sha256(pack["Credit Usage Report 2026-08.pdf"]));
        using var manifest = JsonDocument.Parse(pack["manifest.json"]);
        AssertFiles(manifest, pack);
        // Five credits and one at 50p.
        Assert.Equal((1, "Closing Clinic", "2026-08", "Closed v1", 300), (
            manifest.RootElement.GetProperty("version").GetInt32(), Report(manifest, "subscription").GetString(), Report(manifest, "month").GetString(), Report(manifest, "state").GetString(),
            Report(manifest, "totals").GetProperty("all").GetProperty("costPence").GetInt32()));
        Assert.Empty(manifest.RootElement.GetProperty("notIncluded").EnumerateArray());
        Assert.Contains("Close month,August 2026", Encoding.UTF8.GetString(pack["Audit 2026-08.csv"]), StringComparison.Ordinal);
        Assert.Empty(LeftBehind(clinic.Site));
    }

    [Fact]
    public async Task Every_form_adds_up_to_the_same_and_prices_are_those_of_the_month()
    {
        await using var clinic = await ClosingClinic.OpenAsync(new Site());
        await clinic.Site.PriceAsync(clinic.Id, new DateOnly(2026, 10, 15), 525_000);
        await clinic.Site.PriceAsync(clinic.Id, new DateOnly(2026, 11, 1), 600_000);
        await clinic.ImportAsync(CsvRow.Session("O2", "2026-10-20T09:00:00Z", minutes: 15));
        using var finance = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Finance);

        using var answer = await finance.GetAsync("/usage-report/pack" + October);
        var pack = await EntriesAsync(answer);

        // One credit at 50p, three at 52.5p: £1.575 is £1.58.
        const long pence = 50 + 158;
        using var manifest = JsonDocument.Parse(pack["manifest.json"]);
        AssertFiles(manifest, pack);
        using var json = JsonDocument.Parse(pack["Credit Usage Report 2026-10.json"]);
        var sheet = XlsxRead.Open(pack["Credit Usage Report 2026-10.xlsx"], "Report");
        var csv = Encoding.UTF8.GetString(pack["Credit Usage Report 2026-10.csv"]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        using var pdf = PdfRead.Open(pack["Credit Usage Report 2026-10.pdf"]);
        Assert.Equal(pence, Report(manifest, "totals").GetProperty("all").GetProperty("costPence").GetInt64());
        Assert.Equal(pence, json.RootElement.GetProperty("totals").GetProperty("all").GetProperty("costPence").GetInt64());
        Assert.Equal(pence / 100m, sheet.Calculate($"J{sheet.LastRow}"));
        Assert.Equal(pence, csv.Skip(1).Sum(line => (long)(decimal.Parse(line.Split(',')[^3], CultureInfo.InvariantCulture) * 100)));
        Assert.Contains("£2.08", pdf.Amounts());
        Assert.Equal("\uFEFFValid from,Price of a credit (GBP)\r\n2026-08-01,0.50\r\n2026-10-15,0.525\r\n", Encoding.UTF8.GetString(pack["Credit Prices 2026-10.csv"]));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (manifest.RootElement.GetProperty("version").ValueKind, manifest.RootElement.GetProperty("savedReport").ValueKind));
    }

    [Fact]
    public async Task Who_may_not_read_the_audit_and_an_accountant_get_no_extract_of_it_and_no_client_is_named_in_an_accountants_copy()
    {
        await using var clinic = await ClosingClinic.OpenAsync(new Site());
        await clinic.CloseAsync(ClosingClinic.August);
        using var finance = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Finance);
        using var administrator = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Administrator);

        using var own = await finance.GetAsync("/usage-report/pack" + August);
        using var copy = await administrator.GetAsync("/usage-report/pack" + August + "&copy=accountant");
        var (without, accountants) = (await EntriesAsync(own), await EntriesAsync(copy));

        Assert.DoesNotContain("Audit 2026-08.csv", without.Keys);
        Assert.Contains("Administrators and Auditors", Encoding.UTF8.GetString(without["manifest.json"]), StringComparison.Ordinal);
        Assert.Equal("Credit Usage Pack 2026-08 - accountant copy.zip", copy.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal(6, accountants.Count);
        Assert.DoesNotContain("Audit 2026-08.csv", accountants.Keys);
        using var manifest = JsonDocument.Parse(accountants["manifest.json"]);
        AssertFiles(manifest, accountants);
        Assert.Equal("accountant's copy", manifest.RootElement.GetProperty("copy").GetString());
        Assert.Contains("Ann Client", Encoding.UTF8.GetString(without["Credit Usage Report 2026-08.json"]), StringComparison.Ordinal);
        Assert.All(accountants.Where(entry => entry.Key.EndsWith(".json", StringComparison.Ordinal) || entry.Key.EndsWith(".csv", StringComparison.Ordinal)), entry =>
            Assert.DoesNotContain("Ann Client", Encoding.UTF8.GetString(entry.Value), StringComparison.Ordinal));
        Assert.DoesNotContain("Ann Client", XlsxRead.Open(accountants["Credit Usage Report 2026-08 - accountant copy.xlsx"], "Report").Sheet.Value, StringComparison.Ordinal);
        using var pdf = PdfRead.Open(accountants["Credit Usage Report 2026-08 - accountant copy.pdf"]);
        Assert.DoesNotContain("AnnClient", string.Concat(pdf.GetPages().Select(page => page.Dense())), StringComparison.Ordinal);
        Assert.NotEqual(Sha256(without["Credit Usage Report 2026-08.pdf"]), Sha256(accountants["Credit Usage Report 2026-08 - accountant copy.pdf"]));
    }

    [Fact]
    public async Task What_cannot_be_had_is_refused_in_words_and_nothing_is_left_behind()
    {
        await using var clinic = await ClosingClinic.OpenAsync(new Site().With("CreditUsage:Pdf:WkhtmltopdfPath", "/nowhere/wkhtmltopdf"));
        using var finance = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Finance);

        using var neither = await finance.GetAsync("/usage-report/pack?year=2026&month=8");
        using var noPdf = await finance.GetAsync("/usage-report/pack" + August);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, neither.StatusCode);
        Assert.Contains("Select connected sessions", (await Visitor.ReadAsync(neither)).QuerySelector("[data-problem]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, noPdf.StatusCode);
        Assert.NotEmpty((await Visitor.ReadAsync(noPdf)).QuerySelector("[data-problem]")!.TextContent);
        Assert.Empty(LeftBehind(clinic.Site));
    }

    [Fact]
    public async Task Asked_for_its_head_alone_it_sends_no_body_and_another_subscription_gets_its_own()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        var other = await clinic.Site.SubscriptionAsync("Other Clinic", ClosingClinic.August.Start);
        await clinic.Site.UserAsync(other, "other@clinic.example", Roles.Auditor);
        using var stranger = await Visitor.SignedInAsync(clinic.Site, "other@clinic.example");

        using var head = await stranger.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/usage-report/pack" + August));
        using var answer = await stranger.GetAsync("/usage-report/pack" + August);
        var pack = await EntriesAsync(answer);

        Assert.Equal((HttpStatusCode.OK, "application/zip"), (head.StatusCode, head.Content.Headers.ContentType!.ToString()));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        using var manifest = JsonDocument.Parse(pack["manifest.json"]);
        Assert.Equal(("Other Clinic", 0), (Report(manifest, "subscription").GetString(), Report(manifest, "totals").GetProperty("all").GetProperty("events").GetInt32()));
        Assert.All(pack.Values, entry => Assert.DoesNotContain("Closing Clinic", Encoding.UTF8.GetString(entry), StringComparison.Ordinal));
    }

    private static JsonElement Report(JsonDocument manifest, string field) => manifest.RootElement.GetProperty("report").GetProperty(field);

    private static void AssertFiles(JsonDocument manifest, IReadOnlyDictionary<string, byte[]> pack)
    {
        var files = manifest.RootElement.GetProperty("files").EnumerateArray().ToDictionary(file => file.GetProperty("name").GetString()!);
        Assert.Equal(pack.Keys.Where(name => name != "manifest.json").Order(StringComparer.Ordinal), files.Keys.Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal((pack[file.Key].Length, Sha256(pack[file.Key])), (file.Value.GetProperty("sizeBytes").GetInt32(), file.Value.GetProperty("sha256").GetString())));
    }

    private static async Task<Dictionary<string, byte[]>> EntriesAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var zip = new ZipArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync()));
        Assert.All(zip.Entries, entry => Assert.True(Ascii.IsValid(entry.FullName) && !entry.FullName.Contains('/', StringComparison.Ordinal)));
        return zip.Entries.ToDictionary(entry => entry.FullName, Bytes);
    }

    /// <summary>Reading to the end checks the entry's own sum, too.</summary>
    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static IEnumerable<string> LeftBehind(Site site)
    {
        var folder = Path.Combine(site.DataPath, "pdf-jobs");
        // The answer's last byte may be read before the server has cleared up after it.
        SpinWait.SpinUntil(() => !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any(), TimeSpan.FromMinutes(2));
        return Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder) : [];
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
