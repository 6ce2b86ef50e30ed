using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Pdf;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Paper.Proof;

/// <summary>Whole PDFs that are not the one that was asked for: what is on paper is read back, and nothing else is kept.</summary>
public sealed class ProofTests(ProofTests.Forgery forgery) : IClassFixture<ProofTests.Forgery>
{
    internal const int Rows = 100;
    private static readonly UsageMonth October = new(2026, 10);

    private static readonly string[] Hostile = ["01/10/2026", "£1.00", "–", "£100.00", "Page 1 of 1", "01/10/2026 £1.00", new string('0', 200), string.Concat(Enumerable.Repeat("£1.00 01/10/2026 ", 11)).Trim(), new string('⸻', 10), new string('﷽', 10), string.Concat(Enumerable.Repeat("\U0001242B", 8)), new string('1', 50)];

    internal static string[] HostileRows =>
    [
        .. Hostile.Select((name, i) => CsvRow.Session($"H{i}", "2026-10-01T09:30:00Z", cost: "1.00", client: name, staff: name, program: name)),
        CsvRow.Session("L", "2026-10-02T09:30:00Z", cost: "99999999.99"),
    ];

    /// <summary>Each as its rows and a word of the refusal. All have as many pages as the right one.</summary>
    public static TheoryData<string, string[], string> Wrong => new()
    {
        { "the previous month's, alike in number and money", Sessions(9, Rows), "rows in its file are not" },
        { "a quarter of the rows is missing", Sessions(10, Rows - 25), "75 rows can be read in its file where 100 were laid out" },
        { "one row more", Sessions(10, Rows + 1), "101 rows can be read" },
        { "another total", [.. Sessions(10, Rows - 1), CsvRow.Session("E999", "2026-10-01T10:30:00Z", cost: "9.00")], "the total in its file is not" },
        { "the costs of two rows exchanged", [.. Sessions(10, Rows - 2), Cost("E998", "2.00"), Cost("E999", "0.00")], "rows in its file are not" },
        { "top-ups instead of sessions", [.. Enumerable.Range(0, Rows).Select(i => CsvRow.TopUp($"E{i:000}", "2026-10-01", device: $"{1000000001 + i}", cost: "1.00"))], "total|rows" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_whole_PDF_that_says_something_else_is_refused_in_words_and_not_kept(string what, string[] rows, string refusal)
    {
        var month = what.StartsWith("the previous", StringComparison.Ordinal) ? October.Previous : October;
        forgery.Answer(await forgery.MadeAsync("Clinic", month, rows));
        var problem = await Assert.ThrowsAsync<PdfException>(forgery.SaveAsync);
        Assert.Contains(refusal.Split('|'), part => problem.Message.Contains(part, StringComparison.Ordinal));
        Assert.Contains("nothing was saved", problem.Message, StringComparison.Ordinal);
        await forgery.NothingIsKeptAsync();
    }

    [Fact]
    public async Task A_PDF_whose_pages_cannot_be_unpacked_is_refused_in_words_and_not_kept()
    {
        var pdf = await forgery.MadeAsync("Clinic", October, Sessions(10, Rows));
        var stream = pdf.AsSpan().IndexOf("stream\n"u8);
        pdf.AsSpan(stream + 1000, 20).Clear();
        forgery.Answer(pdf);
        var problem = await Assert.ThrowsAsync<PdfException>(forgery.SaveAsync);
        Assert.Contains("nothing was saved", problem.Message, StringComparison.Ordinal);
        await forgery.NothingIsKeptAsync();
    }

    [Fact]
    public async Task The_PDF_of_the_same_rows_is_taken()
    {
        forgery.Answer(await forgery.MadeAsync("Clinic", October, Sessions(10, Rows)));
        Assert.Equal(3, await forgery.MakeAsync());
    }

    [Fact]
    public async Task Names_that_look_like_dates_and_money_make_no_right_PDF_fail()
    {
        using var pdf = PdfRead.Open(await forgery.MadeAsync("01/10/2026", October, HostileRows));
        Assert.Equal(2, pdf.NumberOfPages);
    }

    [Fact]
    public async Task Withheld_money_is_read_back_as_the_dash_that_it_is()
    {
        using var pdf = PdfRead.Open(await forgery.MadeAsync("Clinic", October, CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.Session("E2", "2026-10-02T09:30:00Z", cost: "1.00")));
        Assert.Equal(["£0.00", "£1.00"], pdf.Amounts());
    }

    internal static string[] Sessions(int month, int rows) => [.. Enumerable.Range(0, rows).Select(i => CsvRow.Session($"E{i:000}", $"2026-{month:00}-01T09:30:00Z", cost: "1.00"))];

    private static string Cost(string id, string cost) => CsvRow.Session(id, "2026-10-01T09:30:00Z", cost: cost);

    /// <summary>A site whose engine hands out what it was given, and real PDFs to give it.</summary>
    public sealed class Forgery : IAsyncLifetime
    {
        private static readonly ReportFilter Filter = new(October, Sessions: true, TopUps: true, UsageSort.Default);
        private readonly FakeEngine _engine = new();
        private readonly Site _site;
        private readonly Site _real;
        private int _clinic;

        /// <summary>What is made matters here, not how long a busy machine takes.</summary>
        public Forgery() => (_site, _real) = (WithLongTimeout().With("CreditUsage:Pdf:WkhtmltopdfPath", _engine.Program), WithLongTimeout());

        public async Task InitializeAsync()
        {
            _engine.Do(FakeEngine.Honest);
            _clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
            await _site.ImportRowsAsync(_clinic, ProofTests.Sessions(10, Rows));
        }

        public async Task DisposeAsync()
        {
            await _site.DisposeAsync();
            await _real.DisposeAsync();
            _engine.Dispose();
        }

        /// <summary>What the real engine makes of some rows.</summary>
        public Task<byte[]> MadeAsync(string clinic, UsageMonth month, params string[] rows) => MadeAsync(clinic, rows, async services =>
        {
            using var made = await services.GetRequiredService<GeneratePdf>().RunAsync(Filter with { Month = month }, "test", seal: null, rowsDone: null, CancellationToken.None);
            return await File.ReadAllBytesAsync(made.File.Path);
        });

        /// <summary>Whatever is made of some rows with the real engine.</summary>
        public async Task<T> MadeAsync<T>(string clinic, IEnumerable<string> rows, Func<IServiceProvider, Task<T>> make)
        {
            var id = await _real.SubscriptionAsync(clinic, new DateOnly(2026, 1, 1));
            await _real.ImportRowsAsync(id, [.. rows]);
            return await _real.InAsync(id, make);
        }

        /// <summary>From now on the engine hands this out, whatever it is given.</summary>
        public void Answer(byte[] pdf)
        {
            File.WriteAllBytes(_engine.File("GOOD"), pdf);
            _engine.Do("cp GOOD out.pdf");
        }

        public Task<SavedReport> SaveAsync() => _site.InAsync(_clinic, services => services.GetRequiredService<SaveReport>().RunAsync(new(Filter), "test", rowsDone: null, CancellationToken.None));

        public Task<int> MakeAsync() => _site.InAsync(_clinic, async services =>
        {
            using var made = await services.GetRequiredService<GeneratePdf>().RunAsync(Filter, "test", seal: null, rowsDone: null, CancellationToken.None);
            return made.File.Pages;
        });

        public async Task NothingIsKeptAsync()
        {
            Assert.Equal(0, await _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().SavedReports.CountAsync()));
            Assert.False(Directory.Exists(Path.Combine(_site.DataPath, "reports")));
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_site.DataPath, "pdf-jobs")));
        }

        private static Site WithLongTimeout() => new Site().With("CreditUsage:Pdf:TimeoutSeconds", "600");
    }
}
