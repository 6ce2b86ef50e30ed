using System.Globalization;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Pdf;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using UglyToad.PdfPig.Content;

namespace CreditUsage.Tests.Core.Paper;

/// <summary>A name is broken only where its column is full, between letters as its script has them.</summary>
public sealed class NamesOnPaperTests(Site site) : IClassFixture<Site>
{
    /// <summary>A CSS pixel in points, as the engine prints it without margins.</summary>
    private const double Pixel = 0.75 * 0.768372116;

    private const double LinePx = 17;

    /// <summary>From line to line within a cell; the rule below a row is the rest.</summary>
    private const double LineStepPx = 16;

    private const int ClientWidth = 180;

    // In px: 50 before the table, then the columns.
    private const double ClientFrom = 50 + 80 + 128 + 138;
    private const double ClientTo = ClientFrom + 184;

    /// <summary>Each fits its column as it is printed; at the widest that a letter of its script may be, none would.</summary>
    public static TheoryData<string> Fitting =>
    [
        "Élodie Gâteaux-Bézier-Néel", "สมชาย ใจดีมาก กรุงเทพ", "नरेन्द्र कृष्णमूर्ति शास्त्री लक्ष्मी प्रसाद", "محمد عبد الرحمن بن عبد الله", "ישראל בן ציון ישראלי כהן", "山田太郎東京都千代田区丸", "김철수 이영희 박지성 홍길",
        "😀🏥🙂😀🏥🙂😀🏥🙂", "தமிழ்நாடு செந்தில்", "Κωνσταντίνος Παπαδόπου", "নজরুল ইসলাম বাংলাদেশ",
    ];

    /// <summary>One word of each script, far longer than the column, and the widest of its letters in px.</summary>
    public static TheoryData<string, string, double> Wider => new()
    {
        { "Latin", Repeated("Wilhelmina", 200), 15 },
        { "Thai", Repeated("สมชายใจดีกรุงเทพ", 200), 20 },
        { "Devanagari", Repeated("कृष्णमूर्तिलक्ष्मी", 200), 30 },
        { "Tamil", Repeated("தமிழ்நாடு", 200), 30 },
        { "Arabic", Repeated("دارالسلامرشيد", 200), 45 },
        { "Hebrew", Repeated("שלוםכהן", 200), 15 },
        { "ideographs", Repeated("山田太郎", 200), 15 },
        { "emoji", Repeated("🙂🏥", 200), 20 },
        { "families of emoji", Repeated("👩‍⚕️", 200), 30 },
    };

    [Theory]
    [MemberData(nameof(Fitting))]
    public async Task A_name_that_fits_as_it_is_printed_stays_on_one_line(string name)
    {
        using var pdf = PdfRead.Open(await ReportAsync(name));
        Assert.Single(Lines(pdf.GetPage(1)));
        Assert.Equal(LinePx, RowHeight(pdf.GetPage(1)), 0.5);
    }

    [Theory]
    [MemberData(nameof(Wider))]
    public async Task A_word_that_is_wider_than_its_column_is_broken_only_where_the_column_is_full(string script, string name, double widest)
    {
        using var pdf = PdfRead.Open(await ReportAsync(name));
        var lines = Lines(pdf.GetPage(1));
        Assert.True(lines.Count > 1, script);
        Assert.Equal(lines.Count * LinePx, RowHeight(pdf.GetPage(1)), 0.5);
        var ends = lines.Select(line => (line.Max(letter => letter.EndBaseLine.X) / Pixel) - ClientFrom).ToList();
        Assert.All(ends, end => Assert.InRange(end, 0, ClientWidth + 0.1));
        Assert.All(ends.SkipLast(1), end => Assert.True(end > ClientWidth - widest, $"{script}: a line ends after {end:0} px"));
    }

    [Theory]
    [MemberData(nameof(Wider))]
    public void No_letter_is_taken_apart_and_none_is_lost(string script, string name, double widest)
    {
        Assert.True(widest < 100);
        var lines = TextMeasurer.Wrap(name, 100).Replace("\u200E", "", StringComparison.Ordinal).Split('\n');
        Assert.Equal(name, string.Concat(lines));
        var letters = StringInfo.ParseCombiningCharacters(name).ToHashSet();
        var end = 0;
        foreach (var line in lines.SkipLast(1)) Assert.True(letters.Contains(end += line.Length), $"{script}: {line}");
    }

    [Theory]
    [InlineData("कक्ककक्ककक्ककक्ककक्ककक्ककक्ककक्क", "\u094D", "a consonant is parted from the one it joins")]
    [InlineData("แมแมแมแมแมแมแมแมแมแมแมแมแมแม", "แ", "a vowel is parted from the consonant it is written before")]
    [InlineData("دارالسلامدارالسلامدارالسلام", "ل", "two Arabic letters that join are parted")]
    public void No_line_ends_where_its_script_would_not_end_one(string name, string never, string otherwise)
    {
        for (var width = 40; width < 100; width++)
            Assert.All(Lines(name, width).SkipLast(1), line => Assert.False(line.EndsWith(never, StringComparison.Ordinal), $"{width} px: {otherwise}"));
    }

    [Theory]
    [InlineData("Anna Bergh-Oosterhuis", 110, "Anna Bergh-|Oosterhuis")]
    [InlineData("Anna Bergh-Oosterhuis", 160, "Anna Bergh-Oosterhuis")]
    [InlineData("-1 - x--y", 14, "-1|-|x-|-y")]
    [InlineData("東京、山田（株）", 43, "東京、|山田|（株）")]
    [InlineData("김철수 이영희", 60, "김철수|이영희")]
    public void Lines_end_after_spaces_and_hyphens_first_and_beside_ideographs(string name, int widthPx, string lines) => Assert.Equal(lines, string.Join('|', Lines(name, widthPx)));

    [Theory]
    [InlineData("👩‍⚕️👩‍⚕️👩‍⚕️", 50, "👩‍⚕️…")]
    [InlineData("e\u0301e\u0301e\u0301e\u0301", 24, "e\u0301…")]
    [InlineData("Ann", 25, "Ann")]
    public void A_title_is_cut_between_letters(string title, int widthPx, string cut) => Assert.Equal(cut, TextMeasurer.Truncate(title, widthPx));

    [Fact]
    public async Task A_column_that_is_wider_since_others_are_hidden_is_used_to_its_end()
    {
        const string name = "Wilhelmina van den Bergh-Oosterhuis of the Northern House";
        Assert.True(UsageColumns.TryParse(["date", "client", "cost"], out var columns));
        using var pdf = PdfRead.Open(await ReportAsync(name, filter => filter with { Columns = columns }));
        Assert.Equal(LinePx, RowHeight(pdf.GetPage(1)), 0.5);
    }

    [Fact]
    public void The_fonts_of_this_machine_are_found_and_health_says_so()
    {
        Assert.NotNull(PrintedFonts.Installed);
        Assert.StartsWith("LiberationSans-Regular.ttf and ", PrintedFonts.Summary, StringComparison.Ordinal);
    }

    private static string[] Lines(string name, int widthPx) => TextMeasurer.Wrap(name, widthPx).Replace("\u200E", "", StringComparison.Ordinal).Split('\n');

    /// <summary>So many UTF-16 units at most, and whole letters.</summary>
    private static string Repeated(string text, int length) => string.Concat(Enumerable.Repeat(text, length / text.Length));

    /// <summary>The letters of the first row's client by the line that they stand on; marks stand above and below it.</summary>
    private static List<IReadOnlyList<Letter>> Lines(Page page)
    {
        var (row, next) = (RowTop(page, 0), RowTop(page, 1));
        return [.. page.Letters.Where(letter => !string.IsNullOrWhiteSpace(letter.Value) && letter.Value != "\u200E" && letter.StartBaseLine.Y > next + (LinePx * Pixel / 2) && letter.StartBaseLine.Y < row + (LinePx * Pixel / 2)
                && letter.StartBaseLine.X >= (ClientFrom - 1) * Pixel && letter.StartBaseLine.X < (ClientTo - 1) * Pixel)
            .GroupBy(letter => Math.Round((row - letter.StartBaseLine.Y) / Pixel / LineStepPx)).OrderBy(line => line.Key).Select(line => (IReadOnlyList<Letter>)[.. line])];
    }

    private static double RowHeight(Page page) => (RowTop(page, 0) - RowTop(page, 1)) / Pixel;

    private static double RowTop(Page page, int row) => page.GetWords().Where(word => word.Text.EndsWith("/10/2026", StringComparison.Ordinal)).Select(word => word.Letters[0].StartBaseLine.Y).OrderDescending().ElementAt(row);

    private async Task<byte[]> ReportAsync(string name, Func<ReportFilter, ReportFilter>? change = null)
    {
        var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        await site.ImportRowsAsync(
            clinic,
            CsvRow.Session("E1", "2026-10-01T09:30:00Z", cost: "1.11", client: name, program: "Sleep"),
            CsvRow.Session("E2", "2026-10-01T10:30:00Z", cost: "2.22", client: "Ann Client", program: "Sleep"));
        var filter = new ReportFilter(new UsageMonth(2026, 10), Sessions: true, TopUps: true, UsageSort.Default) { SummaryLeftOut = true };
        return await site.InAsync(clinic, async services =>
        {
            using var made = await services.GetRequiredService<GeneratePdf>().RunAsync(change?.Invoke(filter) ?? filter, "finance@clinic.example", seal: null, rowsDone: null, CancellationToken.None);
            return await File.ReadAllBytesAsync(made.File.Path);
        });
    }
}
