using System.Globalization;
using System.Net;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Credits;
using CreditUsage.Platform.Auditing;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Credits;

/// <summary>The statement as page, CSV and PDF, with corrections and closed months.</summary>
public sealed class StatementTests(CreditSite credits) : IClassFixture<CreditSite>
{
    private const string Query = "?year=2026&month=10&basis=";
    private static readonly UsageMonth October = CreditSite.October;
    private static readonly UsageMonth November = October.Next;

    private Site Site => credits.Site;

    [Theory]
    [InlineData("service")]
    [InlineData("posting")]
    public async Task Page_CSV_and_PDF_say_the_same(string basis)
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            await FillAsync(clinic);

            var page = await finance.PageAsync("/credits/statement" + Query + basis);
            using var csv = await finance.GetAsync("/credits/statement/csv" + Query + basis);
            using var pdf = await finance.GetAsync("/credits/statement/pdf" + Query + basis);

            // Downloads are audited a moment later, like every read (docs/decisions/0011).
            await Site.Services.GetRequiredService<AuditBacklog>().WriteAsync(CancellationToken.None);
            var audited = await Site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().AuditEntries.Where(entry => entry.Action == AuditAction.Export).OrderBy(entry => entry.Sequence).Select(entry => entry.Detail).ToListAsync());
            Assert.Equal(basis == "service" ? ["Credit statement by service date as CSV.", "Credit statement by service date as PDF."] : ["Credit statement by date posted as CSV.", "Credit statement by date posted as PDF."], audited);
            var shown = page.QuerySelectorAll("#statement-table tbody tr[data-row]").Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent))).ToList();
            var lines = (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(2).SkipLast(1).Select(line => line.Split(',')).ToList();
            Assert.Equal(shown.Select(row => row.Split('|')).Select(cells => (Iso(cells[0]), cells[1], Number(cells[3]), Number(cells[4]))), lines.Select(cells => (cells[0], cells[1], Number(cells[^2]), Number(cells[^1]))));
            using var document = PdfRead.Open(await pdf.Content.ReadAsByteArrayAsync());
            var text = string.Concat(document.GetPages().Select(one => one.Dense()));
            Assert.All(shown, row => Assert.Contains(Dense(row.Replace("|", "", StringComparison.Ordinal)), text, StringComparison.Ordinal));
            Assert.All(page.QuerySelectorAll("#statement-totals tr"), row => Assert.Contains(Dense(row.TextContent), text, StringComparison.Ordinal));
            Assert.Contains(basis == "service" ? "Clinic,October2026-byservicedate" : "Clinic,October2026-bydateposted", text, StringComparison.Ordinal);
            Assert.Contains(basis == "service" ? "by service date" : "by date posted", page.QuerySelector("#statement-table caption")!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_CSV_is_exact_and_nothing_in_it_is_a_formula()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            await Site.RecordAsync(clinic, Ledgers.Purchase("2026-09-30", 2, 50, 4_500, 750, "A,\"1\""));
            await Site.RecordAsync(clinic, Ledgers.Adjustment("2026-10-02", -12) with { Reason = "=HYPERLINK(\"http://x\")" });
            await Site.RecordAsync(clinic, Ledgers.Purchase("2026-10-31", 1, 1_000, 45_000, 7_500, "A,\"2\""));
            await Site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z", minutes: 25), CsvRow.TopUp("E2", "2026-10-31"), CsvRow.TopUp("E3", "2026-10-31", device: "1000000002"));

            using var answer = await finance.GetAsync("/credits/statement/csv" + Query + "service");

            string[] lines =
            [
                "Date (GMT),Entry,Details,Credits,Balance",
                "2026-10-01,Opening balance,by service date,,100",
                "2026-10-01,Connected sessions,1 session,-5,95",
                "2026-10-02,Adjustment,\"'=HYPERLINK(\"\"http://x\"\")\",-12,83",
                "2026-10-31,Purchase,\"1 pack of 1,000 credits, £450.00 paid with £75.00 VAT, invoice A,\"\"2\"\"\",1000,1083",
                "2026-10-31,Daily top-ups,2 top-ups,-2,1081",
                "2026-10-31,Closing balance,by service date,,1081",
            ];
            Assert.Equal("\uFEFF" + string.Concat(lines.Select(line => line + "\r\n")), Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()));
            Assert.Equal("text/csv; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
            Assert.Equal("Credit Statement 2026-10 - by service date.csv", answer.Content.Headers.ContentDisposition!.FileNameStar);
        }
    }

    [Fact]
    public async Task The_PDF_numbers_its_pages_and_keeps_long_reasons_whole()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            var reason = string.Concat(Enumerable.Range(0, 28).Select(number => $"Reason{number:00} ")).TrimEnd() + " end";
            for (var day = 1; day <= 31; day++)
            {
                await Site.RecordAsync(clinic, Ledgers.Adjustment($"2026-10-{day:00}", day) with { Reason = reason.Length > 200 ? reason[..200].TrimEnd() : reason });
                await Site.RecordAsync(clinic, Ledgers.Grant($"2026-10-{day:00}", day));
            }

            using var answer = await finance.GetAsync("/credits/statement/pdf" + Query + "service");

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var document = PdfRead.Open(await answer.Content.ReadAsByteArrayAsync());
            Assert.True(document.NumberOfPages > 1);
            Assert.All(document.GetPages(), page => Assert.Contains($"Page{page.Number}of{document.NumberOfPages}", page.Dense(), StringComparison.Ordinal));
            var text = string.Concat(document.GetPages().Select(page => page.Dense()));
            Assert.Equal(31, text.Split(Dense(reason.Length > 200 ? reason[..200].TrimEnd() : reason)).Length - 1);
            Assert.Equal("Credit Statement 2026-10 - by service date", document.Information.Title);
        }
    }

    [Fact]
    public async Task Corrections_of_usage_are_rows_of_their_own_in_the_month_that_was_open()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        finance.Dispose();
        await Site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-12T09:30:00Z", minutes: 25), CsvRow.Session("E2", "2026-10-12T10:30:00Z", minutes: 10));
        await Site.CloseAsync(clinic, October);
        await Site.CorrectAsync(clinic, "E1", credits: -5, November, Site.Clock.GetUtcNow());

        var (october, november) = (await Site.StatementAsync(clinic, October, StatementBasis.Service), await Site.StatementAsync(clinic, November, StatementBasis.Service));
        var posted = await Site.StatementAsync(clinic, November, StatementBasis.Posting);

        Assert.Equal((-7, -7, -2), (october.Closing, november.Opening, november.Closing));
        var row = Assert.Single(november.Rows);
        Assert.Equal((new DateOnly(2026, 10, 12), StatementLine.UsageCorrections, 5L, "Connected session E1 of 12/10/2026, for October 2026: Ran twice"), (row.Day, row.Line, row.Credits, row.Details));
        Assert.Equal((new DateOnly(2026, 11, 22), 5L), (Assert.Single(posted.Rows).Day, posted.Rows[0].Credits));
        Assert.Equal(5, november.Totals.Single(total => total.Line == StatementLine.UsageCorrections).Credits);
    }

    [Fact]
    public async Task Late_usage_is_marked_with_the_month_it_belongs_to_and_leaves_the_closed_statement_alone()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        finance.Dispose();
        await Site.RecordAsync(clinic, Ledgers.Grant("2026-10-01", 100));
        await Site.CloseAsync(clinic, October);
        await Site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-12T09:30:00Z", minutes: 25), CsvRow.TopUp("E2", "2026-10-31"));

        var october = await Site.StatementAsync(clinic, October, StatementBasis.Service);
        var november = await Site.StatementAsync(clinic, November, StatementBasis.Service);
        var posted = await Site.StatementAsync(clinic, November, StatementBasis.Posting);

        Assert.Equal((100, 100, 94), (october.Closing, november.Opening, november.Closing));
        Assert.Equal(["1 session, late for October 2026", "1 top-up, late for October 2026"], november.Rows.Select(row => row.Details));
        Assert.Equal(["1 session of 12/10/2026, late for October 2026", "1 top-up of 31/10/2026, late for October 2026"], posted.Rows.Select(row => row.Details));
        Assert.Equal((100, 94), (posted.Opening, posted.Closing));
    }

    [Theory]
    [InlineData("?year=2025&month=12", "December 2025 is before your subscription began.")]
    [InlineData("?year=2026&month=12", "December 2026 has not started.")]
    [InlineData("?year=2026&month=13", "Choose a month from January to December.")]
    [InlineData("?year=x&month=1", "Choose a year from 2026 to 2026.")]
    [InlineData("?year=2026&month=10&basis=both", "Choose by service date or by date posted.")]
    public async Task A_wrong_address_is_refused_on_page_and_files(string query, string message)
    {
        var (_, finance) = await credits.ClinicAsync();
        using (finance)
        {
            foreach (var path in new[] { "/credits/statement", "/credits/statement/csv", "/credits/statement/pdf" })
            {
                using var answer = await finance.GetAsync(path + query);
                Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
                Assert.Contains(message, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_month_without_anything_opens_and_closes_alike()
    {
        var (_, finance) = await credits.ClinicAsync();
        using (finance)
        {
            var page = await finance.PageAsync("/credits/statement");

            Assert.Equal("Credit statement - October 2026 - CreditUsage", page.Title);
            Assert.All(page.QuerySelectorAll("#statement-totals tr"), row => Assert.Equal("0", row.GetAttribute("data-credits")));
            Assert.Empty(page.QuerySelectorAll("#statement-table tbody tr[data-row]"));
        }
    }

    private async Task FillAsync(int clinic)
    {
        await Site.RecordAsync(clinic, Ledgers.Purchase("2026-09-30", 2, 500, 45_000, 7_500, "A-1"));
        await Site.RecordAsync(clinic, Ledgers.Purchase("2026-10-31", 3, 500, 67_500, 11_250, "A-2"));
        var grant = await Site.RecordAsync(clinic, Ledgers.Grant("2026-10-04", 25));
        await Site.RecordAsync(clinic, Ledgers.Adjustment("2026-10-04", -7));
        await Site.TakeBackAsync(clinic, grant.Id);
        await Site.ImportRowsAsync(
            clinic,
            CsvRow.TopUp("T0", "2026-09-30"), CsvRow.Session("E1", "2026-10-01T00:00:00Z"), CsvRow.Session("E2", "2026-10-01T23:59:59Z"), CsvRow.TopUp("T1", "2026-10-01"), CsvRow.TopUp("T2", "2026-10-31"));
        await Site.CorrectAsync(clinic, "E2", -5, October, new DateTimeOffset(2026, 10, 20, 8, 0, 0, TimeSpan.Zero));
    }

    private static string Dense(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static string Iso(string day) => DateOnly.ParseExact(day, "dd/MM/yyyy", CultureInfo.InvariantCulture).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
