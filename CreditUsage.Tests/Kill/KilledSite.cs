using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using CreditUsage.Core.Webhooks;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Domain.Webhooks;
using CreditUsage.Features.Credits;
using CreditUsage.Features.Imports;
using CreditUsage.Features.Schedules;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Kill;

/// <summary>A data folder whose process is killed again and again, and what must be true of it after each time.</summary>
internal sealed class KilledSite(int seed) : IAsyncDisposable
{
    /// <summary>Long enough ago that there is always another month to close.</summary>
    public static readonly UsageMonth FirstMonth = new(1995, 1);

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(120);

    /// <summary>How much longer than the last measured round of all three the latest kill waits.</summary>
    private const double Beyond = 1.3;

    private readonly Random _random = new(seed);
    private readonly string _folder = Directory.CreateTempSubdirectory("creditusage-kill-").FullName;
    private readonly HashSet<string> _said = [];
    private readonly Dictionary<string, ReceivedWebhook> _received = new(StringComparer.Ordinal);
    private WebhookReceiver? _receiver;
    private TimeSpan _round;
    private TimeSpan _backup = TimeSpan.FromSeconds(1);

    public int Files => Message('I');

    public int Devices => Message('C');

    public int Months => Message('M');

    public async Task FillAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        await using var site = await WorkUntilKilled.OpenAsync(_folder);
        await using (var scope = site.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
            foreach (var name in new[] { "Importing", "Charging", "Closing" })
            {
                db.Add(new Subscription { Name = name, StartsOn = FirstMonth.Start, ChargesTopUpsFrom = name == "Charging" ? WorkUntilKilled.Days.First : null });
                await db.SaveChangesAsync();
            }
        }
        await TellAsync(site, WorkUntilKilled.Importing, WebhookEvents.ImportStored);
        await TellAsync(site, WorkUntilKilled.Closing, WebhookEvents.MonthClosed);
        await WorkUntilKilled.InAsync(site, WorkUntilKilled.Closing, async services =>
        {
            await services.GetRequiredService<SetCreditPrice>().RunAsync(FirstMonth.Start, 450_000, CancellationToken.None);
            var rows = Enumerable.Range(0, 360).Select(month => CsvRow.Session(FormattableString.Invariant($"M{month}"), FormattableString.Invariant($"{FirstMonth.Start.AddMonths(month):yyyy-MM-dd}T09:00:00Z")));
            return await services.GetRequiredService<ImportUsage>().RunAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(CsvText.Of([.. rows]))), "", mapping: null, dryRun: false, CancellationToken.None);
        });
    }

    /// <summary>Lets the process do each of the three once, which says how long that takes here, and kills it then.</summary>
    public Task MeasureAsync() => RunAsync(async process =>
    {
        var (began, files, devices, months) = (Stopwatch.GetTimestamp(), Files, Devices, Months);
        while (Files == files || Devices == devices || Months == months) _said.Add(await LineAsync(process));
        _round = Stopwatch.GetElapsedTime(began);
    });

    /// <summary>Starts the process, kills it and what receives its webhooks, each at some instant of its work, and looks at what is there.</summary>
    public async Task KillOnceAsync()
    {
        var restart = Task.CompletedTask;
        await RunAsync(_ =>
        {
            restart = RestartReceiverAsync(_round * _random.NextDouble());
            return Task.Delay(_round * Beyond * _random.NextDouble());
        });
        await restart;
    }

    /// <summary>While the process works: kills a backup at some instant, then lets one end, restores it, and looks whether all that was said before it is there.</summary>
    public Task BackUpAsync(int times) => RunAsync(async process =>
    {
        for (var time = 0; time < times; time++)
        {
            _said.Add(await LineAsync(process));
            using var folder = new BackupFolder(_folder);
            await folder.KillAsync(_backup * Beyond * _random.NextDouble());
            var began = Stopwatch.GetTimestamp();
            await folder.BackUpAsync();
            _backup = Stopwatch.GetElapsedTime(began);
            await using var restored = await OpenAsync(await folder.RestoreAsync());
            await LookAsync(restored);
        }
    });

    private async Task RunAsync(Func<Process, Task> live)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(WorkUntilKilled).Assembly.Location, WorkUntilKilled.Verb, _folder]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        try
        {
            Assert.Equal(WorkUntilKilled.Begun, await LineAsync(process));
            await live(process);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        // What it had said before it died waits in the pipe.
        while (await process.StandardOutput.ReadLineAsync() is { } line) _said.Add(line);
        await using var connection = await OpenAsync(_folder);
        await LookAsync(connection);
    }

    private static async Task<string> LineAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync().WaitAsync(AnswerWithin) ?? throw new InvalidOperationException("The process ended by itself.");

    /// <summary>Charges what a killed process left to be charged.</summary>
    public async Task MakeGoodAsync()
    {
        await using var site = await WorkUntilKilled.OpenAsync(_folder);
        await WorkUntilKilled.InAsync(site, WorkUntilKilled.Charging, services => services.GetRequiredService<ChargeTopUps>().RunAsync(CancellationToken.None));
        await using var connection = await OpenAsync(_folder);
        Assert.Empty(await RowsAsync(connection, $"SELECT DeviceId FROM TopUpSchedules WHERE (SELECT count(*) FROM UsageEvents WHERE DeviceNumber = CAST(DeviceId AS INTEGER)) <> {DaysOfSchedule}"));
    }

    /// <summary>Sends what still waits, as if the pauses and leases were over: the receiver then has every event at least once.</summary>
    public async Task SendTheRestAsync()
    {
        await using var site = await WorkUntilKilled.OpenAsync(_folder);
        await using var connection = await OpenAsync(_folder);
        while (await RowsAsync(connection, $"SELECT Id FROM WebhookMessages WHERE State = {(int)WebhookState.Waiting}") is { Count: > 0 })
        {
            await RowsAsync(connection, $"UPDATE WebhookMessages SET NextAttemptAt = 0, Attempts = 0 WHERE State = {(int)WebhookState.Waiting}");
            await WorkUntilKilled.SendAsync(site);
        }
        Keep();
        var told = _received.Values.Select(message => message.Type == WebhookEvents.MonthClosed ? $"M{message.Data.GetProperty("month").GetString()}" : message.Data.GetProperty("import_id").GetString()!).Order(StringComparer.Ordinal);
        var done = await RowsAsync(connection, $"SELECT lower(Id) FROM UsageImports WHERE SubscriptionId = {WorkUntilKilled.Importing} AND {Stored}");
        var closed = await RowsAsync(connection, "SELECT CAST(Month AS TEXT) FROM MonthClosings");
        Assert.Equal(done.Concat(closed.Select(number => $"M{UsageMonth.FromNumber(int.Parse(number, CultureInfo.InvariantCulture))}")).Order(StringComparer.Ordinal), told);
    }

    public async ValueTask DisposeAsync()
    {
        if (_receiver is not null) await _receiver.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task TellAsync(WebApplication site, int subscription, string name) => await WorkUntilKilled.InAsync(site, subscription, async services =>
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        db.Add(new WebhookEndpoint { SubscriptionId = subscription, Url = _receiver!.Address.AbsoluteUri, Events = name, Secret = services.GetRequiredService<WebhookSecrets>().Make().Stored, AddedBy = "somebody", AddedAt = DateTimeOffset.UtcNow });
        return await db.SaveChangesAsync();
    });

    private async Task RestartReceiverAsync(TimeSpan after)
    {
        await Task.Delay(after);
        var port = _receiver!.Address.Port;
        await _receiver.KillAsync();
        Keep();
        _receiver = await WebhookReceiver.StartAsync(port);
    }

    private void Keep()
    {
        foreach (var message in _receiver!.Received) _received.TryAdd(message.Id, message);
    }

    private static int DaysOfSchedule => WorkUntilKilled.Days.Last.DayNumber - WorkUntilKilled.Days.First.DayNumber + 1;

    private int Message(char kind) => _said.Count(line => line[0] == kind);

    private async Task LookAsync(SqliteConnection connection)
    {
        Assert.Equal(["ok"], await RowsAsync(connection, "PRAGMA quick_check"));
        await FilesAreWholeAsync(connection);
        await DevicesAreChargedOnceAsync(connection);
        await MonthsAreClosedWholeAsync(connection);
    }

    /// <summary>A file that is stored has all its events under its intake and one entry in the audit, and when it is reversed as many corrections; any other has none.</summary>
    private async Task FilesAreWholeAsync(SqliteConnection connection)
    {
        var files = await RowsAsync(connection, $"SELECT substr(EventId, 1, instr(EventId, '-') - 1) || ' ' || IntakeId || ' ' || count(*) FROM UsageEvents WHERE SubscriptionId = {WorkUntilKilled.Importing} AND Correction IS NULL AND {Shown} GROUP BY substr(EventId, 1, instr(EventId, '-')), IntakeId ORDER BY 1");
        var stored = await RowsAsync(connection, $"SELECT FileName || ' ' || IntakeId || ' {WorkUntilKilled.RowsOfFile}' FROM UsageImports WHERE SubscriptionId = {WorkUntilKilled.Importing} AND {Stored} ORDER BY 1");
        Assert.Equal(stored.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
        Assert.Empty(_said.Where(line => line[0] == 'I').Except(stored.Select(file => file.Split(' ')[0])));
        Assert.Equal([stored.Count.ToString(CultureInfo.InvariantCulture)], await RowsAsync(connection, $"SELECT count(*) FROM AuditEntries WHERE SubscriptionId = {WorkUntilKilled.Importing} AND Action = {(int)AuditAction.Import}"));
        var reversed = await RowsAsync(connection, $"SELECT 'R' || FileName || ' {WorkUntilKilled.RowsOfFile} ' || (SELECT sum(Credits) FROM UsageEvents WHERE IntakeId = UsageImports.IntakeId) FROM UsageImports WHERE State = {(int)UsageImportState.Reversed} ORDER BY 1");
        var corrections = await RowsAsync(connection, $"SELECT 'R' || FileName || ' ' || count(*) || ' ' || -sum(correction.Credits) FROM UsageImports JOIN UsageEvents original ON original.IntakeId = UsageImports.IntakeId JOIN UsageEvents correction ON correction.CorrectsId = original.Id WHERE correction.{Shown} GROUP BY FileName ORDER BY 1");
        Assert.Equal(reversed, corrections);
        Assert.Empty(_said.Where(line => line[0] == 'R').Except(reversed.Select(file => file.Split(' ')[0])));
        Assert.Equal([reversed.Count.ToString(CultureInfo.InvariantCulture)], await RowsAsync(connection, $"SELECT count(*) FROM AuditEntries WHERE SubscriptionId = {WorkUntilKilled.Importing} AND Action = {(int)AuditAction.Correction}"));
    }

    private static string Stored => $"State IN ({(int)UsageImportState.Stored}, {(int)UsageImportState.Reversing}, {(int)UsageImportState.Reversed})";

    private const string Shown = "IntakeId NOT IN (SELECT Id FROM UsageIntakes WHERE HiddenBlock IS NOT NULL)";

    private async Task DevicesAreChargedOnceAsync(SqliteConnection connection)
    {
        var devices = await RowsAsync(connection, $"SELECT 'C' || DeviceNumber || ' ' || count(*) FROM UsageEvents WHERE SubscriptionId = {WorkUntilKilled.Charging} GROUP BY DeviceNumber");
        Assert.All(devices, device => Assert.EndsWith($" {DaysOfSchedule}", device, StringComparison.Ordinal));
        Assert.Empty(_said.Where(line => line[0] == 'C').Except(devices.Select(device => device.Split(' ')[0])));
    }

    private async Task MonthsAreClosedWholeAsync(SqliteConnection connection)
    {
        var closings = await RowsAsync(connection, "SELECT Month || ' ' || Version || ' ' || RowsSha256 || ' ' || PdfSha256 || ' ' || OpeningCredits || ' ' || ClosingCredits FROM MonthClosings ORDER BY Month");
        var opening = "0";
        for (var number = 0; number < closings.Count; number++)
        {
            var fields = closings[number].Split(' ');
            Assert.Equal([(FirstMonth.Number + number).ToString(CultureInfo.InvariantCulture), "1", opening], [fields[0], fields[1], fields[4]]);
            opening = fields[5];
        }
        // Those before the last few were looked at after the kills before.
        foreach (var fields in closings.TakeLast(5).Select(closing => closing.Split(' ')))
            Assert.Equal([fields[2], fields[3]], [await HashAsync(connection, fields[2], "json"), await HashAsync(connection, fields[3], "pdf")]);
        Assert.Empty(_said.Where(line => line[0] == 'M').Except(closings.Select(closing => $"M{UsageMonth.FromNumber(int.Parse(closing.Split(' ')[0], CultureInfo.InvariantCulture))}")));
        Assert.Equal([closings.Count.ToString(CultureInfo.InvariantCulture)], await RowsAsync(connection, "SELECT count(*) FROM SavedReports"));
    }

    private static async Task<string> HashAsync(SqliteConnection connection, string sha256, string extension)
    {
        await using var file = File.OpenRead(Path.Combine(Path.GetDirectoryName(connection.DataSource)!, "reports", sha256[..2], $"{sha256}.{extension}"));
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }

    private static async Task<SqliteConnection> OpenAsync(string folder)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "creditusage.db")};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<IReadOnlyList<string>> RowsAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }
}
