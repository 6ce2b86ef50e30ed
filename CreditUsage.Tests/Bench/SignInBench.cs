using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;

namespace CreditUsage.Tests.Bench;

/// <summary>An honest sign-in, page and post, alone, under a flood of others, and beside an import; and how long that import holds the database's only lock.</summary>
internal static class SignInBench
{
    private const int SignIns = 60;
    private const int Connections = 100;
    private const int Rows = 200_000;
    private const int Days = 365;

    public static async Task<IReadOnlyList<Measure>> RunAsync(string folder)
    {
        var csv = Path.Combine(folder, "usage.csv");
        await BenchUsage.WriteAsync(csv, BenchData.Month.End.AddDays(-Days), Days, Rows);
        var data = await BenchData.CreateAsync(Path.Combine(folder, "data"));
        SqliteConnection.ClearAllPools();
        await using var site = await SiteProcess.StartAsync(data);
        // Each sign-in from an address of its own: how many one network may try in a minute is not what is measured.
        var number = 0;
        Task<double?> SignInAsync() => TimeAsync(site.Address, new IPAddress([127, 1, (byte)(number / 250), (byte)(1 + (number++ % 250))]));

        for (var warm = 0; warm < 5; warm++) await SignInAsync();
        var alone = await TimesAsync(SignInAsync, () => SignIns);
        var oneAddress = await FloodAsync(site.Address, _ => new IPAddress([127, 0, 0, 2]), () => TimesAsync(SignInAsync, () => SignIns));
        var manyAddresses = await FloodAsync(site.Address, connection => new IPAddress([127, 0, 1, (byte)(1 + connection)]), () => TimesAsync(SignInAsync, () => SignIns));
        var (beside, held) = await BesideImportAsync(data, csv, SignInAsync);
        return
        [
            new Measure("sign-in: p95 under 100 connections of one address, at most 1 s", At(oneAddress, 95), 1000, "ms wall", 1),
            new Measure("sign-in: the same, against one alone", At(oneAddress, 95), At(alone, 95), "ms wall", null),
            new Measure("sign-in: p95 under 100 connections of 100 addresses, against one alone", At(manyAddresses, 95), At(alone, 95), "ms wall", null),
            new Measure("sign-in: refused meanwhile, since too many waited, of all", manyAddresses.Count(time => time is null), SignIns, "posts", null),
            new Measure($"sign-in: p99 beside an import of 200,000 rows ({beside.Count} times), at most 2 s", At(beside, 99), 2000, "ms wall", 1),
            new Measure("sign-in: the same, against one alone", At(beside, 99), At(alone, 99), "ms wall", null),
            new Measure("sign-in: longest hold of the write lock by that import, at most 200 ms", held, 200, "ms wall", 1),
        ];
    }

    /// <summary>Null where it was refused.</summary>
    private static async Task<double?> TimeAsync(Uri site, IPAddress from)
    {
        using var visitor = new BenchVisitor(site, from);
        var started = Stopwatch.GetTimestamp();
        return await visitor.TrySignInAsync() ? Stopwatch.GetElapsedTime(started).TotalMilliseconds : null;
    }

    private static async Task<List<double?>> TimesAsync(Func<Task<double?>> signIn, Func<int> most)
    {
        var times = new List<double?>();
        while (times.Count < most()) times.Add(await signIn());
        return times;
    }

    /// <summary>Each connection posts another name and a wrong password, and again as soon as it is answered.</summary>
    private static async Task<List<double?>> FloodAsync(Uri site, Func<int, IPAddress> from, Func<Task<List<double?>>> measure)
    {
        using var over = new CancellationTokenSource();
        var flood = Enumerable.Range(0, Connections).Select(connection => Task.Run(() => PostAsync(site, from(connection), connection, over.Token))).ToList();
        try
        {
            return await measure();
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(flood);
        }
    }

    private static async Task PostAsync(Uri site, IPAddress from, int connection, CancellationToken over)
    {
        using var visitor = new BenchVisitor(site, from);
        try
        {
            var token = await visitor.TokenAsync(over);
            while (true) await visitor.PostAsync($"nobody{connection}@bench.example", "not the right password", token, over);
        }
        catch (OperationCanceledException)
        {
            // The flood is over.
        }
    }

    private static async Task<(List<double?> SignIns, double LongestHoldMs)> BesideImportAsync(BenchData data, string csv, Func<Task<double?>> signIn)
    {
        var verb = new ChildProgram("dotnet", [SiteProcess.Program, "import", csv, "--subscription", $"{BenchData.Subscription}"])
        {
            Variables = new Dictionary<string, string> { ["CreditUsage__DataPath"] = data.Folder },
        };
        var import = verb.RunAsync();
        var held = Task.Run(() => WriteLock.LongestWait(data.Database, import));
        var times = await TimesAsync(signIn, () => import.IsCompleted ? 0 : int.MaxValue);
        await import;
        return (times, await held);
    }

    /// <summary>Of those that were let in; not a number where none was.</summary>
    private static double At(List<double?> times, int percent)
    {
        var ordered = times.OfType<double>().Order().ToList();
        return ordered.Count == 0 ? double.NaN : ordered[Math.Min(ordered.Count - 1, ordered.Count * percent / 100)];
    }
}
