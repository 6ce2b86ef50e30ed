using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Paper;

/// <summary>A month of 20,000 rows, which is made in four parts, and how it looks as one document.</summary>
public sealed partial class LongPdfTests(LongPdfTests.LongMonth month) : IClassFixture<LongPdfTests.LongMonth>
{
    private const int Rows = 20_000;

    [Fact]
    public async Task A_month_made_in_parts_is_one_document_with_every_row_and_the_right_numbers()
    {
        var (pages, progress) = (month.Pages, month.Progress);

        // The summary, and 270 pages of 74 lines, which are 19,980: 20 more rows, the subtotals of 28 days and the totals stand on the last.
        Assert.Equal(272, pages.Count);
        Assert.All(pages.Index(), page => Assert.Equal(["Page", $"{page.Index + 1}", "of", "272"], page.Item.SkipWhile(word => word.Text != "Page").Take(4).Select(word => word.Text)));
        var shown = pages.Skip(1).Select(words => (Rows: words.Count(word => Date().IsMatch(word.Text)), Amounts: words.Where(word => word.Text.StartsWith('£')).Select(word => Pence(word.Text)).ToList())).ToList();
        Assert.Equal((Rows, true), (shown.Sum(page => page.Rows), shown.All(page => page.Rows <= 74)));
        var (first, running) = (0, 0L);
        foreach (var (number, page) in shown.Index())
        {
            var expected = new List<long>();
            for (var row = first; row < first + page.Rows; row++)
            {
                expected.Add(LongMonth.Pence(row));
                running += LongMonth.Pence(row);
                if (LongMonth.EndsDay(row)) expected.Add(LongMonth.OfDay(row));
            }
            Assert.Equal(number < shown.Count - 1 ? expected.Append(running) : [.. expected, running, 0, running], page.Amounts);
            first += page.Rows;
        }
        Assert.Equal(4, progress.Values.Count);
        Assert.Equal(progress.Values.Order().Distinct(), progress.Values);
        Assert.Equal(Rows, progress.Values[^1]);
    }

    [Fact]
    public async Task Columns_stand_at_the_same_place_in_every_part()
    {
        var pages = month.Pages.Skip(1).ToList();
        string[] heads = ["(GMT)", "member", "Program", "Duration", "Credits", "(GBP)"];
        var places = pages.Select(words => string.Join(' ', heads.Select(head => words.Single(word => word.Text == head).Left))).ToList();
        Assert.Equal(271, places.Count);
        Assert.Single(places.Distinct());
        Assert.Single(pages.SelectMany(words => words).Where(word => Date().IsMatch(word.Text)).Select(word => word.Left).Distinct());
    }

    [Fact]
    public async Task Cancelling_in_the_middle_leaves_no_process_and_no_file()
    {
        using var stop = new CancellationTokenSource();
        var progress = new Heard(_ => stop.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => month.MakeAsync(progress, _ => Task.FromResult(0), stop.Token));
        Assert.InRange(Assert.Single(progress.Values), 1, Rows - 1);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(month.Site.DataPath, "pdf-jobs")));
        Assert.Empty(Programs.Under(month.Site.DataPath));
    }

    private static long Pence(string pounds) => (long)(decimal.Parse(pounds[1..], NumberStyles.Number, CultureInfo.InvariantCulture) * 100);

    /// <summary>The words of each page with where they begin, by a program that had no part in making it.</summary>
    private static async Task<List<List<(string Text, string Left)>>> WordsAsync(string path)
    {
        using var reader = Process.Start(new ProcessStartInfo("pdftotext", ["-bbox", path, "-"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var pages = new List<List<(string, string)>>();
        while (await reader.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("<page ", StringComparison.Ordinal)) pages.Add([]);
            if (Word().Match(line) is { Success: true } word) pages[^1].Add((word.Groups[2].Value, word.Groups[1].Value));
        }
        await reader.WaitForExitAsync();
        return pages;
    }

    [GeneratedRegex("<word xMin=\"([0-9.]+)\"[^>]*>(.*)</word>", RegexOptions.None, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"^\d\d/10/2026$", RegexOptions.None, 1000)]
    private static partial Regex Date();

    public sealed class Heard(Action<int> act) : IProgress<int>
    {
        public IList<int> Values { get; } = [];

        public void Report(int value)
        {
            Values.Add(value);
            act(value);
        }
    }

    public sealed class LongMonth : IAsyncLifetime
    {
        private int _clinic;

        public Site Site { get; } = new();

        /// <summary>The words of each page of the whole month.</summary>
        public IReadOnlyList<List<(string Text, string Left)>> Pages { get; private set; } = [];

        /// <summary>What was told while it was made.</summary>
        public Heard Progress { get; } = new(_ => { });

        public static int Pence(int row) => 100 + (row * 37 % 5_000);

        public static bool EndsDay(int row) => row % RowsOfADay == RowsOfADay - 1 || row == Rows - 1;

        /// <summary>The pence of the day that a row ends.</summary>
        public static long OfDay(int row) => Enumerable.Range(row - (row % RowsOfADay), (row % RowsOfADay) + 1).Sum(Pence);

        /// <summary>One every two minutes.</summary>
        private const int RowsOfADay = 720;

        public async Task InitializeAsync()
        {
            _clinic = await Site.SubscriptionAsync("Long Clinic", new DateOnly(2026, 1, 1));
            await Site.ImportRowsAsync(_clinic, [.. Enumerable.Range(0, Rows).Select(i => CsvRow.Session(
                $"L{i:00000}", new DateTime(2026, 10, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(i * 2).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                cost: (Pence(i) / 100m).ToString("0.00", CultureInfo.InvariantCulture)))]);
            Pages = await MakeAsync(Progress, WordsAsync, CancellationToken.None);
        }

        public Task DisposeAsync() => Site.DisposeAsync().AsTask();

        public Task<T> MakeAsync<T>(IProgress<int>? rowsDone, Func<string, Task<T>> read, CancellationToken cancellation) => Site.InAsync(_clinic, async services =>
        {
            var filter = new ReportFilter(new UsageMonth(2026, 10), Sessions: true, TopUps: true, UsageSort.Default);
            using var made = await services.GetRequiredService<GeneratePdf>().RunAsync(filter, "test", seal: null, rowsDone, cancellation);
            return await read(made.File.Path);
        });
    }
}
