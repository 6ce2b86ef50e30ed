using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Credits;
using CreditUsage.Tests.Features.Credits;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using UglyToad.PdfPig.Content;

namespace CreditUsage.Tests.Core.Paper;

/// <summary>
/// Names of every script stand on paper whole: each letter within its column and its row. What a cell clips is still in the file, so only the
/// letters' places tell.
/// </summary>
public sealed class ScriptsOnPaperTests(Site site) : IClassFixture<Site>
{
    /// <summary>A CSS pixel in points, as the engine prints it without margins.</summary>
    private const double Pixel = 0.75 * 0.768372116;

    // In px, as the reports' style has them: 50 before the table, then the columns.
    private const double ClientFrom = 50 + 80 + 128 + 138;
    private const double ClientTo = ClientFrom + 184;
    private const double ProgramTo = ClientTo + 168;

    private const string Latin = "Wilhelmina van den Bergh-Oosterhuis of the Northern House";

    /// <summary>None has letters that join into one glyph, so each must be found.</summary>
    public static TheoryData<string, string> Names => new()
    {
        { "one Arabic word", Repeated("محمد", 200) },
        { "Arabic words", Repeated("محمد عبدلرحمن ", 200) },
        { "one Hebrew word", Repeated("שלום", 200) },
        { "Hebrew words", Repeated("שלום כהן ", 200) },
        { "Arabic and digits", Repeated("محمد 123 ", 200) },
        { "both directions", Repeated("Dr Ahmed (محمد بن عبد) of Clinic 12, room 7 (חדר) ", 200) },
        { "Latin before Arabic", "ABC " + Repeated("حمد", 190) + " END" },
        { "ideographs", Repeated("李", 200) },
        { "very wide dashes", Repeated("⸻", 40) },
        { "the widest ligature of Arabic", Repeated("﷽", 20) },
        { "Cyrillic words", Repeated("Екатерина ", 200) },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_letter_stands_within_its_column_and_its_row(string what, string name)
    {
        var clinic = await ClinicAsync();
        await site.ImportRowsAsync(
            clinic,
            CsvRow.Session("E1", "2026-10-01T09:30:00Z", cost: "1.11", client: name, staff: Latin, program: "Sleep"),
            CsvRow.Session("E2", "2026-10-01T10:30:00Z", cost: "2.22", client: "Ann Client", program: "Sleep"));

        using var pdf = PdfRead.Open(await ReportAsync(clinic));

        var (row, next) = (RowTop(pdf, 0), RowTop(pdf, 1));
        var letters = pdf.GetPage(1).Letters.Where(letter => Seen(letter) && letter.StartBaseLine.Y <= row + 1 && letter.StartBaseLine.Y > next + 4).ToList();
        var client = letters.Where(letter => letter.StartBaseLine.X >= (ClientFrom - 1) * Pixel && letter.StartBaseLine.X < (ClientTo - 1) * Pixel).ToList();
        Assert.True(client.Count >= name.Count(c => c != ' '), $"{what}: {client.Count} letters of {name.Length}");
        Assert.All(client, letter => Assert.InRange(letter.EndBaseLine.X, 0, ClientTo * Pixel));
        Assert.Equal("Sleep", string.Concat(letters.Where(letter => letter.StartBaseLine.X >= (ClientTo - 1) * Pixel && letter.StartBaseLine.X < ProgramTo * Pixel).Select(letter => letter.Value)));
        var staff = letters.Where(letter => letter.StartBaseLine.X >= (ClientFrom - 139) * Pixel && letter.StartBaseLine.X < (ClientFrom - 1) * Pixel);
        Assert.Equal(Latin.Replace(" ", "", StringComparison.Ordinal), string.Concat(staff.OrderByDescending(letter => Math.Round(letter.StartBaseLine.Y)).ThenBy(letter => letter.StartBaseLine.X).Select(letter => letter.Value)));
        Assert.Equal(["£0.00", "£1.11", "£2.22", "£3.33", "£3.33"], pdf.Amounts());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_statement_keeps_every_reason_within_its_column(string what, string reason)
    {
        var clinic = await ClinicAsync();
        await site.RecordAsync(clinic, Ledgers.Adjustment("2026-10-01", 1_234) with { Reason = reason });
        await site.RecordAsync(clinic, Ledgers.Adjustment("2026-10-02", 1) with { Reason = "Short" });

        using var pdf = PdfRead.Open(await StatementAsync(clinic));

        // 50 px, a date, the entry; the details take 490.
        var (from, to) = (50d + 80 + 168, 50d + 80 + 168 + 490);
        var page = pdf.GetPage(1);
        var first = page.GetWords().Where(word => word.Text == "01/10/2026").Min(word => word.Letters[0].StartBaseLine.Y);
        var second = page.GetWords().Single(word => word.Text == "02/10/2026").Letters[0].StartBaseLine.Y;
        var details = page.Letters.Where(letter => Seen(letter) && letter.StartBaseLine.Y <= first + 1 && letter.StartBaseLine.Y > second + 4 && letter.StartBaseLine.X >= (from - 1) * Pixel && letter.StartBaseLine.X < (to - 1) * Pixel).ToList();
        Assert.True(details.Count >= reason.Count(c => c != ' '), $"{what}: {details.Count} letters of {reason.Length}");
        Assert.All(details, letter => Assert.InRange(letter.EndBaseLine.X, 0, to * Pixel));
        Assert.Contains("+1,2341,234", page.Dense(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_billback_keeps_every_title_within_its_column()
    {
        var clinic = await ClinicAsync();
        var name = Repeated("محمد عبدلرحمن ", 200);
        await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z", cost: "1.11", client: name));
        using var pdf = PdfRead.Open(await site.InAsync(clinic, async services =>
        {
            using var made = await services.GetRequiredService<GenerateBillback>().RunAsync(Filter, UsageGroupBy.Client, "finance@clinic.example", seal: null, rowsDone: null, CancellationToken.None);
            return await File.ReadAllBytesAsync(made.File.Path);
        }));
        var title = pdf.GetPage(1).Letters.Where(letter => Seen(letter) && letter.StartBaseLine.X >= 129 * Pixel && letter.StartBaseLine.X < 748 * Pixel && letter.Value.Any(c => c >= '\u0600')).ToList();
        Assert.True(title.Count >= name.Count(c => c != ' '), $"{title.Count} letters");
        Assert.All(title, letter => Assert.InRange(letter.EndBaseLine.X, 0, 748 * Pixel));
    }

    [Theory]
    [InlineData(57)]
    [InlineData(58)]
    [InlineData(59)]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(62)]
    [InlineData(133)]
    public async Task A_statements_closing_balance_is_never_alone_on_its_page(int rows)
    {
        var clinic = await ClinicAsync();
        for (var row = 0; row < rows; row++) await site.RecordAsync(clinic, Ledgers.Adjustment($"2026-10-{(row % 31) + 1:00}", 1) with { Reason = $"Reason {row}" });

        using var pdf = PdfRead.Open(await StatementAsync(clinic));

        var counts = pdf.GetPages().Select(page => page.GetWords().Count(word => word.Text == "Reason")).ToList();
        Assert.Equal((rows, true), (counts.Sum(), counts[^1] >= 3));
        Assert.Contains("Closingbalance", pdf.GetPage(pdf.NumberOfPages).Dense(), StringComparison.Ordinal);
    }

    private static ReportFilter Filter => new(new UsageMonth(2026, 10), Sessions: true, TopUps: true, UsageSort.Default) { SummaryLeftOut = true };

    private static string Repeated(string text, int length) => string.Concat(Enumerable.Repeat(text, (length / text.Length) + 1))[..length].Trim();

    private static bool Seen(Letter letter) => !string.IsNullOrWhiteSpace(letter.Value) && letter.Value != "\u200E";

    private static double RowTop(UglyToad.PdfPig.PdfDocument pdf, int row) => pdf.GetPage(1).GetWords().Where(word => word.Text.EndsWith("/10/2026", StringComparison.Ordinal)).Select(word => word.Letters[0].StartBaseLine.Y).OrderDescending().ElementAt(row);

    private Task<int> ClinicAsync() => site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));

    private Task<byte[]> ReportAsync(int clinic) => site.InAsync(clinic, async services =>
    {
        using var made = await services.GetRequiredService<GeneratePdf>().RunAsync(Filter, "finance@clinic.example", seal: null, rowsDone: null, CancellationToken.None);
        return await File.ReadAllBytesAsync(made.File.Path);
    });

    private Task<byte[]> StatementAsync(int clinic) => site.InAsync(clinic, async services =>
    {
        using var made = await services.GetRequiredService<MakeStatementPdf>().RunAsync(new StatementFilter(new UsageMonth(2026, 10), StatementBasis.Service), "finance@clinic.example", CancellationToken.None);
        return await File.ReadAllBytesAsync(made.Path);
    });
}
