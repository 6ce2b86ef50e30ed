using System.Diagnostics;
using CreditUsage.Core.Intake;
using CreditUsage.Core.Tables;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Imports;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Bench;

/// <summary>Bringing 100,000 events in, against the database's own program reading the same file and making the same indexes.</summary>
internal static class ImportBench
{
    private const int Events = 100_000;
    private const int Days = 365;
    private const double Limit = 3;

    /// <summary>Of a clinic's own columns, against the same events with those of the template.</summary>
    private const double MappedLimit = 1.3;

    /// <summary>Of a preview with its money and doubles, against counting alone.</summary>
    private const double PreviewLimit = 1.2;

    /// <summary>Of taking all events back, against bringing them in.</summary>
    private const double ReversedLimit = 5;

    public static async Task<IReadOnlyList<Measure>> RunAsync(string folder)
    {
        var csv = Path.Combine(folder, "usage.csv");
        await BenchUsage.WriteAsync(csv, BenchData.Month.End.AddDays(-Days), Days, Events);
        var empty = await BenchData.CreateAsync(Path.Combine(folder, "empty"));
        SqliteConnection.ClearAllPools();

        long peak = 0;
        var verb = await Alternating.MediansAsync(async () => await VerbAsync(empty, csv, seen => peak = seen), () => SqliteAsync(folder, csv));
        var within = await Alternating.MediansAsync(() => InProcessAsync(empty, csv), () => SqliteAsync(folder, csv));
        var own = await OwnAsync(folder, csv);
        var mapped = await Alternating.MediansAsync(() => InProcessAsync(empty, own, BenchUsage.OwnColumns), () => InProcessAsync(empty, csv));
        var preview = await Alternating.MediansAsync(() => CheckAsync(empty, csv, preview: true), () => CheckAsync(empty, csv, preview: false));
        var imported = CopyOf(empty, "-imported");
        await using (var site = await imported.OpenAsync()) await BenchData.ImportAsync(site, csv);
        SqliteConnection.ClearAllPools();
        var reversed = await Alternating.MediansAsync(() => ReverseAsync(imported), () => InProcessAsync(empty, csv));
        var sqlitePeak = await PeakWatch.OfChildrenAsync(Environment.ProcessId, () => SqliteAsync(folder, csv));
        return
        [
            Measure.Cpu("import: 100,000 rows", within, Limit),
            Measure.Wall("import: 100,000 rows", within),
            Measure.Cpu("import: the same with columns of its own, against the template's", mapped, MappedLimit),
            Measure.Cpu("import: its preview in money, against counting alone", preview, PreviewLimit),
            Measure.Cpu("import: all of it reversed, against importing it", reversed, ReversedLimit),
            Measure.Wall("import: all of it reversed, against importing it", reversed),
            Measure.Cpu("import: the verb, its start included", verb, Limit),
            Measure.Wall("import: the verb, its start included", verb),
            Measure.Memory("import: the verb's peak memory", peak, sqlitePeak),
        ];
    }

    private static async Task<Spent> VerbAsync(BenchData empty, string csv, Action<long> peak)
    {
        var spent = default(Spent);
        var data = CopyOf(empty);
        var verb = new ChildProgram("dotnet", [SiteProcess.Program, "import", csv, "--subscription", $"{BenchData.Subscription}"])
        {
            Variables = new Dictionary<string, string> { ["CreditUsage__DataPath"] = data.Folder },
        };
        peak(await PeakWatch.OfChildrenAsync(Environment.ProcessId, async () => spent = await verb.RunAsync()));
        Directory.Delete(data.Folder, recursive: true);
        return spent;
    }

    private static async Task<string> OwnAsync(string folder, string csv)
    {
        var own = Path.Combine(folder, "own.csv");
        await BenchUsage.WriteOwnAsync(csv, own);
        return own;
    }

    public static async Task<Spent> InProcessAsync(BenchData empty, string csv, ColumnMapping? mapping = null)
    {
        var data = CopyOf(empty);
        await using var site = await data.OpenAsync();
        var before = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await BenchData.ImportAsync(site, csv, mapping: mapping);
        var spent = new Spent((Environment.CpuUsage.TotalTime - before).TotalSeconds, Stopwatch.GetElapsedTime(started).TotalSeconds);
        SqliteConnection.ClearAllPools();
        Directory.Delete(data.Folder, recursive: true);
        return spent;
    }

    private static async Task<Spent> CheckAsync(BenchData empty, string csv, bool preview)
    {
        await using var site = await empty.OpenAsync();
        await using var scope = site.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(BenchData.Subscription);
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
        await using var content = File.OpenRead(csv);
        var (before, started) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await using (var file = await scope.ServiceProvider.GetRequiredService<OpenTableFile>().RunAsync(content, CancellationToken.None))
        await using (var record = await RecordUsage.BeginDryRunAsync(db, new DateTimeOffset(BenchData.Month.End, TimeOnly.MinValue, TimeSpan.Zero), CancellationToken.None))
        {
            await scope.ServiceProvider.GetRequiredService<ImportReader>().RunAsync(file, null, null, record, new ImportFaults(), null, CancellationToken.None);
            if (record.Accepted != Events) throw new InvalidOperationException($"{record.Accepted} events would be accepted.");
            if (preview) await ImportPreview.OfAsync(db, record.Arriving!, await record.DoublesAsync(CancellationToken.None), CancellationToken.None);
        }
        var spent = new Spent((Environment.CpuUsage.TotalTime - before).TotalSeconds, Stopwatch.GetElapsedTime(started).TotalSeconds);
        SqliteConnection.ClearAllPools();
        return spent;
    }

    private static async Task<Spent> ReverseAsync(BenchData imported)
    {
        var data = CopyOf(imported);
        await using var site = await data.OpenAsync();
        await using var scope = site.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(BenchData.Subscription);
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
        await db.UsageImports.ExecuteUpdateAsync(set => set.SetProperty(import => import.State, UsageImportState.Reversing).SetProperty(import => import.ReversedBy, "bench").SetProperty(import => import.ReverseReason, "Bench"));
        var import = await db.UsageImports.AsNoTracking().SingleAsync();
        var before = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        if (!await scope.ServiceProvider.GetRequiredService<ReverseImport>().RunAsync(import, _ => Task.CompletedTask, CancellationToken.None)) throw new InvalidOperationException("Nothing was reversed.");
        var spent = new Spent((Environment.CpuUsage.TotalTime - before).TotalSeconds, Stopwatch.GetElapsedTime(started).TotalSeconds);
        SqliteConnection.ClearAllPools();
        Directory.Delete(data.Folder, recursive: true);
        return spent;
    }

    public static BenchData CopyOf(BenchData empty, string suffix = "-copy")
    {
        var copy = new BenchData(Directory.CreateDirectory(empty.Folder + suffix).FullName);
        File.Copy(empty.Database, copy.Database);
        return copy;
    }

    private static async Task<Spent> SqliteAsync(string folder, string csv)
    {
        var database = Path.Combine(folder, "reference.db");
        var spent = await new ChildProgram("sqlite3", [database], Script(csv)).RunAsync();
        File.Delete(database);
        return spent;
    }

    private static string Script(string csv) => $"""
        CREATE TABLE Usage (event_id TEXT NOT NULL, kind TEXT NOT NULL, occurred_at TEXT NOT NULL, staff_id TEXT NOT NULL, staff_name TEXT NOT NULL, client_id TEXT, client_name TEXT,
            program TEXT NOT NULL, device_id TEXT, identity_note TEXT, duration_minutes INTEGER, credits INTEGER, cost_gbp NUMERIC);
        .import --csv --skip 1 "{csv}" Usage
        CREATE UNIQUE INDEX Event ON Usage (event_id);
        CREATE INDEX Month ON Usage (occurred_at, event_id, kind, staff_id, client_id, program, device_id, duration_minutes, credits, cost_gbp);
        CREATE UNIQUE INDEX Device ON Usage (device_id, occurred_at) WHERE device_id <> '';

        """;
}
