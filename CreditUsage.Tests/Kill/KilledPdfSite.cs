using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.Reports;
using CreditUsage.Features.Imports;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Kill;

/// <summary>A data folder whose process is killed again and again while it makes PDFs, and what must be true of it after each time.</summary>
internal sealed class KilledPdfSite(int seed) : IDisposable
{
    /// <summary>
    /// After so many looks, 20 ms apart, nothing that a killed process started is left: within 5 seconds (security.md F02), or as much longer as
    /// a busy machine takes for the looking, too.
    /// </summary>
    private const int GoneAfterLooks = 250;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(120);

    /// <summary>A machine that is busy once must not make every kill wait for as long.</summary>
    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(2);

    /// <summary>How much longer than the making of the first two the latest kill waits.</summary>
    private const double Beyond = 1.3;

    private readonly Random _random = new(seed);
    private readonly string _folder = Directory.CreateTempSubdirectory("creditusage-kill-").FullName;
    private readonly HashSet<string> _said = [];
    private readonly HashSet<string> _whole = [];
    private TimeSpan _round;
    private WebApplication? _site;

    public int Asked => _said.Count(line => line[0] == 'Q');

    public int Saved => _said.Count(line => line[0] == 'D');

    /// <summary>How many kills met a report that was being made.</summary>
    public int Interrupted { get; private set; }

    public async Task FillAsync()
    {
        _site = await MakeUntilKilled.OpenAsync(_folder, migrate: true);
        await using (var scope = _site.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
            db.Add(new Subscription { Name = "Killed", StartsOn = MakeUntilKilled.FirstMonth.Start });
            await db.SaveChangesAsync();
        }
        var rows = Enumerable.Range(0, 360).Select(month => CsvRow.Session(FormattableString.Invariant($"M{month}"), FormattableString.Invariant($"{MakeUntilKilled.FirstMonth.Start.AddMonths(month):yyyy-MM-dd}T09:00:00Z"), cost: "1.00"));
        await WorkUntilKilled.InAsync(_site, MakeUntilKilled.Clinic, services => services.GetRequiredService<ImportUsage>().RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(CsvText.Of([.. rows]))), "", mapping: null, dryRun: false, CancellationToken.None));
    }

    /// <summary>Lets the process make two, which says how long that takes here, and kills it then.</summary>
    public Task MeasureAsync() => RunAsync(async process =>
    {
        var began = Stopwatch.GetTimestamp();
        while (Saved < 2) _said.Add(await LineAsync(process));
        var round = Stopwatch.GetElapsedTime(began);
        _round = round < LongestRound ? round : LongestRound;
    });

    /// <summary>Starts the process, kills it at some instant of its work, and looks at what is there.</summary>
    /// <param name="savedFirst">Whether it saves a report before, for which a busy machine may take longer than any round.</param>
    public async Task KillOnceAsync(bool savedFirst)
    {
        await RunAsync(async process =>
        {
            var before = Saved;
            while (savedFirst && Saved == before) _said.Add(await LineAsync(process));
            await Task.Delay(_round * Beyond * _random.NextDouble());
        });
        if (await ReadAsync(db => db.ReportJobs.AnyAsync(job => job.State == ReportJobState.Running))) Interrupted++;
    }

    /// <summary>What a site does that is not killed: makes what the killed ones left. Then every report that was asked for has come to an end, and none was made twice.</summary>
    public async Task MakeGoodAsync()
    {
        await MakeUntilKilled.ForgetLeasesAsync(_site!);
        await MakeUntilKilled.MakeAsync(_site!);
        var jobs = await ReadAsync(db => db.ReportJobs.AsNoTracking().ToListAsync());
        Assert.Empty(_said.Where(line => line[0] == 'Q').Except(jobs.Select(job => $"Q{job.Id}")));
        Assert.All(jobs, job => Assert.True(job is { State: ReportJobState.Done, SavedReportId: not null } or { State: ReportJobState.Failed, Attempts: 2, SavedReportId: null }, $"{job.Request}: {job.State}, {job.Attempts} attempts, {job.Problem}"));
        await LookAsync();
    }

    public void Dispose()
    {
        (_site as IDisposable)?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RunAsync(Func<Process, Task> live)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(MakeUntilKilled).Assembly.Location, MakeUntilKilled.Verb, _folder]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        try
        {
            Assert.Equal(MakeUntilKilled.Begun, await LineAsync(process));
            await live(process);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        await NothingRunsAsync();
        // What it had said before it died waits in the pipe.
        while (await process.StandardOutput.ReadLineAsync() is { } line) _said.Add(line);
        await LookAsync();
    }

    private static async Task<string> LineAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync().WaitAsync(AnswerWithin) ?? throw new InvalidOperationException("The process ended by itself.");

    private async Task NothingRunsAsync()
    {
        for (var looks = 1; Programs.Under(_folder) is { Count: > 0 } running; looks++)
        {
            Assert.True(looks < GoneAfterLooks, $"After {looks} looks at what the killed process started there still runs {string.Join(" and ", running)}");
            await Task.Delay(20);
        }
    }

    private async Task LookAsync()
    {
        Assert.Equal(["ok"], await ReadAsync(db => db.Database.SqlQueryRaw<string>("PRAGMA quick_check").ToListAsync()));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder, "reports"), "*", SearchOption.AllDirectories)) await WholeAsync(file);
        var saved = await ReadAsync(db => db.SavedReports.AsNoTracking().ToListAsync());
        Assert.All(saved, report => Assert.Contains($"{report.Sha256}.pdf", _whole));
        Assert.Equal(saved.Count, saved.Select(report => (report.MonthStart, report.Sessions, report.TopUps, report.Variant)).Distinct().Count());
        Assert.Equal(saved.Count, saved.Select(report => report.Number).Distinct().Count());
        var done = await ReadAsync(db => db.ReportJobs.AsNoTracking().Where(job => job.State == ReportJobState.Done).ToListAsync());
        Assert.Empty(_said.Where(line => line[0] == 'D').Except(done.Select(job => $"D{job.Id}")));
        Assert.Empty(done.Select(job => job.SavedReportId!.Value).Except(saved.Select(report => report.Id)));
    }

    /// <summary>A file is what its name says, or it is half a file. Those that were found whole are not read again.</summary>
    private async Task WholeAsync(string path)
    {
        var name = Path.GetFileName(path);
        if (_whole.Contains(name)) return;
        var content = await File.ReadAllBytesAsync(path);
        Assert.Equal(name, $"{Convert.ToHexStringLower(SHA256.HashData(content))}.pdf");
        Assert.Equal("%PDF", Encoding.ASCII.GetString(content, 0, 4));
        _whole.Add(name);
    }

    private Task<T> ReadAsync<T>(Func<CreditUsageDb, Task<T>> read) => WorkUntilKilled.InAsync(_site!, MakeUntilKilled.Clinic, services => read(services.GetRequiredService<CreditUsageDb>()));
}
