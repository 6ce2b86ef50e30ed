using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using CreditUsage.Domain.Months;

namespace CreditUsage.Tests.Bench;

/// <summary>The site as a process of its own on a loopback port, and somebody signed in to it.</summary>
internal sealed partial class SiteProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly BenchVisitor _visitor;

    private SiteProcess(Process process, Uri address)
    {
        (_process, _visitor) = (process, new BenchVisitor(address));
    }

    public int Id => _process.Id;

    public Uri Address => _visitor.Http.BaseAddress!;

    /// <summary>The published program, where script/bench names one; else that which was built with this one.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("CREDITUSAGE_BENCH_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "CreditUsage.Web.dll");

    /// <param name="data">Whose usage it shows.</param>
    /// <param name="settings">Variables of its environment.</param>
    /// <param name="within">A program that becomes the one it is told to run, and its first words.</param>
    public static async Task<SiteProcess> StartAsync(BenchData data, IReadOnlyDictionary<string, string>? settings = null, IReadOnlyList<string>? within = null)
    {
        string[] words = [.. within ?? [], "dotnet", Program, "serve", "--urls", "http://127.0.0.1:0"];
        var start = new ProcessStartInfo(words[0], words[1..]) { UseShellExecute = false, WorkingDirectory = data.Folder, RedirectStandardOutput = true };
        start.Environment["CreditUsage__DataPath"] = data.Folder;
        // As the service and the container in deploy/ start it.
        start.Environment["MALLOC_ARENA_MAX"] = "2";
        foreach (var (name, value) in settings ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var process = Process.Start(start)!;
        try
        {
            var site = new SiteProcess(process, await AddressAsync(process).WaitAsync(StartWithin));
            await site._visitor.SignInAsync();
            return site;
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    public static string ReportPath(string part = "", UsageMonth? month = null) =>
        $"/usage-report{part}?year={(month ?? BenchData.Month).Year}&month={(month ?? BenchData.Month).Month}&sessions=true&topUps=true";

    /// <summary>What the server spends on an answer, its children included.</summary>
    public async Task<Spent> GetAsync(string path, bool fragment = false, int times = 1)
    {
        var before = ProcessFigures.CpuSeconds(Id);
        var started = Stopwatch.GetTimestamp();
        for (var request = 0; request < times; request++) await GetOnceAsync(path, fragment);
        return new Spent(ProcessFigures.CpuSeconds(Id) - before, Stopwatch.GetElapsedTime(started).TotalSeconds).Per(times);
    }

    public async ValueTask DisposeAsync()
    {
        _visitor.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task GetOnceAsync(string path, bool fragment)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (fragment) request.Headers.Add("HX-Request", "true");
        using var answer = await _visitor.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        await answer.Content.CopyToAsync(Stream.Null);
    }

    /// <summary>What the server prints once it listens. The rest is read on, since a full pipe would stop it.</summary>
    private static async Task<Uri> AddressAsync(Process process)
    {
        var found = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (Listening().Match(line.Data ?? "") is { Success: true } match) found.TrySetResult(new Uri(match.Groups[1].Value));
        };
        process.BeginOutputReadLine();
        return await found.Task;
    }

    [GeneratedRegex("Now listening on: (http://\\S+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
