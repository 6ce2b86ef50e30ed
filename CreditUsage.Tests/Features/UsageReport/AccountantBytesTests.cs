using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.UsageReport;

/// <summary>Every byte of an accountant's copy: on pages, in files and in addresses a client is its code, and neither name nor id is there.</summary>
public sealed class AccountantBytesTests : IAsyncLifetime
{
    private const string Finance = "finance@bytes.example";
    private const string Plain = "?year=2026&month=10&sessions=true&topUps=true";
    private const string Copy = Plain + "&copy=accountant";

    /// <summary>Ids and names that nothing else has a part of.</summary>
    private static readonly string[] Secrets = ["CLX-77001", "CLX-77002", "Quillfeather", "Zumwalt", "Xylonote"];

    private readonly Site _site = new();
    private int _clinic;

    public async Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.SubscriptionAsync("Byte Clinic", new DateOnly(2026, 1, 1));
        await _site.UserAsync(_clinic, Finance, Roles.FinanceAdministrator);
        await _site.PriceAsync(_clinic, new DateOnly(2026, 1, 1), 500_000);
        var imported = await _site.ImportRowsAsync(
            _clinic,
            Session("E1", "2026-10-01T09:30:00Z", Secrets[0], "Quillfeather"), Session("E2", "2026-10-02T09:30:00Z", Secrets[1], "Zumwalt"), Session("E3", "2026-10-03T09:30:00Z", Secrets[0], "Quillfeather-Zumwalt"),
            CsvRow.Line("E4", "daily-top-up", "2026-10-04", "S1", "Sam Staff", Secrets[1], "Zumwalt", "Sleep", "1000000001", "Xylonote", "", "", ""), CsvRow.TopUp("E5", "2026-10-05", "1000000002", note: "Xylonote"));
        Assert.True(imported.Stored);
        await _site.InAsync(_clinic, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            db.Add(new SavedView { SubscriptionId = _clinic, Name = "Quillfeather alone", Owner = Finance, Shared = false, IsDefault = true, Query = $"sessions=true&topUps=true&client={Secrets[0]}", SavedAt = _site.Clock.GetUtcNow() });
            return await db.SaveChangesAsync();
        });
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    public static TheoryData<string> Shapes =>
        ["", "&groupBy=client", "&groupBy=client&rows=subtotals", "&groupBy=device&pictures=true", "&sort=client,-cost&columns=client", "&client=CODE&groupBy=client", "&client=CODE&programs=hidden", "&client=-", "&client=CODE&client=-&groupBy=client"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task No_page_no_file_and_no_address_has_a_clients_name_or_id(string shape)
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var query = Copy + shape.Replace("CODE", Uri.EscapeDataString(await CodeAsync(finance, "E1")), StringComparison.Ordinal);

        var seen = 0;
        foreach (var form in new[] { "", "/print", "/csv", "/json", "/xlsx", "/pdf", "/pack", "/billback", "/compare", "/explain", "/pictures" })
        {
            var ungrouped = form is "/compare" ? query.Replace("&rows=subtotals", "", StringComparison.Ordinal) : query;
            using var answer = await finance.GetAsync($"/usage-report{form}{ungrouped}{(form == "/billback" ? "&by=client" : "")}");
            Assert.Equal((form, HttpStatusCode.OK), (form, answer.StatusCode));
            AssertNothing($"{form} headers", Encoding.UTF8.GetBytes($"{answer.Headers}{answer.Content.Headers}"));
            foreach (var (name, bytes) in Parts(form, await answer.Content.ReadAsByteArrayAsync()))
            {
                AssertNothing($"{form} {name}", bytes);
                seen++;
            }
        }
        // Eleven answers, the parts of two workbooks and of a pack, and two PDFs as text too.
        Assert.True(seen > 30, $"{seen}");
        using var fragment = await finance.GetFragmentAsync("/usage-report" + query);
        AssertNothing("fragment", Encoding.UTF8.GetBytes($"{fragment.Headers}{await fragment.Content.ReadAsStringAsync()}"));
    }

    [Fact]
    public async Task What_is_looked_for_is_in_the_report_itself()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var page = await finance.Http.GetStringAsync(new Uri("/usage-report" + Plain, UriKind.Relative));
        Assert.All(Secrets, secret => Assert.Contains(secret, page, StringComparison.Ordinal));
        foreach (var form in new[] { "/json", "/xlsx", "/pdf", "/pack" })
        {
            var parts = Parts(form, await finance.Http.GetByteArrayAsync(new Uri($"/usage-report{form}{Plain}", UriKind.Relative)));
            Assert.Contains(parts, part => Holds(part.Bytes, "Zumwalt"));
        }
    }

    [Fact]
    public async Task An_address_with_the_other_key_leads_to_the_one_of_its_kind_of_copy_and_the_rows_are_the_same()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var code = await CodeAsync(finance, "E1");

        using var coded = await finance.GetAsync($"/usage-report{Copy}&client={Secrets[0]}&groupBy=client");
        using var named = await finance.GetAsync($"/usage-report/csv{Plain}&client={Uri.EscapeDataString(code)}");
        using var view = await finance.PostAsync("/usage-report" + Copy, $"/usage-report/views{Copy}&client={Secrets[0]}", new Dictionary<string, string> { ["name"] = "Coded" });

        Assert.Equal((HttpStatusCode.Redirect, $"/usage-report{Copy}&client={Uri.EscapeDataString(code)}&groupBy=client"), (coded.StatusCode, coded.Headers.Location!.OriginalString));
        Assert.Equal((HttpStatusCode.Redirect, $"/usage-report/csv{Plain}&client={Secrets[0]}"), (named.StatusCode, named.Headers.Location!.OriginalString));
        Assert.Equal(["E1", "E3"], (await finance.PageAsync(coded.Headers.Location.OriginalString)).EventIds());
        var query = await _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().SavedViews.Where(kept => kept.Name == "Coded").Select(kept => kept.Query).SingleAsync());
        Assert.DoesNotContain(Secrets[0], query, StringComparison.Ordinal);
    }

    private static string Session(string id, string at, string client, string name) => CsvRow.Line(id, "connected-session", at, "S1", "Sam Staff", client, name, "Sleep", "", "", "25", "", "");

    private static async Task<string> CodeAsync(Visitor visitor, string eventId) =>
        (await visitor.PageAsync("/usage-report" + Copy)).QuerySelector($"tr[data-event-id={eventId}]")!.Children[3].TextContent;

    /// <summary>An answer and everything that is packed in it: the files of an archive, a PDF's own objects without compression, and what its pages say.</summary>
    private static IEnumerable<(string Name, byte[] Bytes)> Parts(string name, byte[] bytes)
    {
        yield return (name, bytes);
        if (bytes.AsSpan().StartsWith("PK"u8))
        {
            using var archive = new ZipArchive(new MemoryStream(bytes));
            foreach (var entry in archive.Entries)
            {
                yield return ("name", Encoding.UTF8.GetBytes(entry.FullName));
                using var content = new MemoryStream();
                using (var stream = entry.Open()) stream.CopyTo(content);
                foreach (var part in Parts(entry.FullName, content.ToArray())) yield return part;
            }
        }
        if (!bytes.AsSpan().StartsWith("%PDF"u8)) yield break;
        yield return ("objects", Uncompressed(bytes));
        using var pdf = PdfRead.Open(bytes);
        yield return ("text", Encoding.UTF8.GetBytes(string.Concat(pdf.GetPages().Select(page => page.Dense()))));
    }

    private static byte[] Uncompressed(byte[] pdf)
    {
        var folder = Directory.CreateTempSubdirectory("creditusage-bytes-");
        try
        {
            var (packed, plain) = (Path.Combine(folder.FullName, "packed.pdf"), Path.Combine(folder.FullName, "plain.pdf"));
            File.WriteAllBytes(packed, pdf);
            using var qpdf = Process.Start("qpdf", ["--qdf", "--object-streams=disable", packed, plain]);
            qpdf.WaitForExit();
            Assert.Equal(0, qpdf.ExitCode);
            return File.ReadAllBytes(plain);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void AssertNothing(string where, byte[] bytes) => Assert.All(Secrets, secret => Assert.False(Holds(bytes, secret), $"{secret} in {where}"));

    private static bool Holds(byte[] bytes, string secret) =>
        new[] { Encoding.UTF8, Encoding.BigEndianUnicode, Encoding.Unicode }.Any(encoding => bytes.AsSpan().IndexOf(encoding.GetBytes(secret)) >= 0);
}
