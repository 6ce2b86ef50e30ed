using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Tests.Bench;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Imports;

/// <summary>A process that imports is killed again and again, at any instant: every file is stored once or not at all, and in the end once.</summary>
[Collection(AloneCollection.Name)]
public sealed class KilledImportTests : IDisposable
{
    private const int Lanes = 4;
    private const int KillsPerLane = 25;
    private const int Imports = 20;
    private const int Rows = 400;

    /// <summary>Steps of an import (checked, asked for, stored) that a process gets done before it is killed in the midst of the next.</summary>
    private const int MostSteps = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("creditusage-killed-");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Killed_a_hundred_times_nothing_is_lost_and_nothing_doubled() =>
        Assert.True((await Task.WhenAll(Enumerable.Range(1, Lanes).Select(lane => Task.Run(() => LaneAsync(lane))))).Sum() >= Lanes * KillsPerLane);

    private async Task<int> LaneAsync(int lane)
    {
        var data = await BenchData.CreateAsync(Path.Combine(_folder.FullName, $"{lane}"));
        await using var site = await data.OpenAsync();
        var (random, kills) = (new Random(lane), 0);
        for (var batch = 0; kills < KillsPerLane; batch++)
        {
            await InAsync(site.Services, db => AddImportsAsync(db, data.Folder, batch));
            while (kills < KillsPerLane && await KilledAsync(data, random))
            {
                kills++;
                await InAsync(site.Services, HoldsAsync);
            }
        }
        Assert.False(await KilledAsync(data, null));
        Assert.Equal(0, await InAsync(site.Services, async db => await HoldsAsync(db) + await db.UsageImports.CountAsync(import => import.State != UsageImportState.Stored)));
        return kills;
    }

    private static async Task<int> AddImportsAsync(CreditUsageDb db, string folder, int batch)
    {
        Directory.CreateDirectory(Path.Combine(folder, "imports"));
        foreach (var number in Enumerable.Range(batch * Imports, Imports))
        {
            var import = Import(number, Encoding.UTF8.GetBytes(CsvText.Of([.. Enumerable.Range(1, Rows).Select(row => CsvRow.Session($"F{number:0000}-{row}", "2026-10-01T09:30:00Z"))])), out var bytes);
            await File.WriteAllBytesAsync(Path.Combine(folder, "imports", $"{import.Id:N}.csv"), bytes);
            db.Add(import);
        }
        return await db.SaveChangesAsync();
    }

    private static UsageImport Import(int number, byte[] content, out byte[] bytes) => new()
    {
        Id = Guid.NewGuid(),
        SubscriptionId = BenchData.Subscription,
        FileName = $"F{number:0000}",
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes = content)),
        SizeBytes = content.Length,
        UploadedBy = "somebody",
        UploadedAt = DateTimeOffset.UnixEpoch,
        State = UsageImportState.Checking,
        Rows = Rows,
    };

    /// <summary>Whether it was killed; it ends by itself once there is nothing left to do.</summary>
    private static async Task<bool> KilledAsync(BenchData data, Random? random)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ContinueImportsProgram).Assembly.Location, ContinueImportsProgram.Word, data.Folder]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        Assert.Equal(ContinueImportsProgram.Ready, await process.StandardOutput.ReadLineAsync(patience.Token));
        var step = Stopwatch.StartNew();
        for (var steps = random?.Next(MostSteps) ?? int.MaxValue; steps > 0; steps--)
        {
            step.Restart();
            if (await process.StandardOutput.ReadLineAsync(patience.Token) is not null) continue;
            await process.WaitForExitAsync(patience.Token);
            Assert.Equal(0, process.ExitCode);
            return false;
        }
        // However fast the machine: somewhere in the time that the last step took.
        await Task.Delay(random!.Next(1 + (int)Math.Min(2000, step.ElapsedMilliseconds)));
        process.Kill();
        await process.WaitForExitAsync(patience.Token);
        return true;
    }

    /// <summary>An import that is stored has all its events under its intake, and one entry in the audit; any other has none.</summary>
    private static async Task<int> HoldsAsync(CreditUsageDb db)
    {
        var stored = await db.UsageImports.AsNoTracking().Where(import => import.State == UsageImportState.Stored).ToDictionaryAsync(import => import.FileName);
        var events = await db.UsageEvents.GroupBy(usage => new { File = usage.EventId.Substring(0, 5), usage.IntakeId }).Select(group => new { group.Key.File, group.Key.IntakeId, Count = group.Count() }).ToListAsync();
        Assert.Equal(stored.Values.Select(import => (import.FileName, import.IntakeId, Rows)).Order(), events.Select(group => (group.File, (int?)group.IntakeId, group.Count)).Order());
        Assert.Equal(stored.Count, await db.UsageIntakes.CountAsync());
        Assert.Equal(stored.Count, await db.AuditEntries.CountAsync(entry => entry.Action == AuditAction.Import));
        Assert.Null((await AuditChain.CheckAsync(db, CancellationToken.None)).FirstBroken);
        return 0;
    }

    private static async Task<int> InAsync(IServiceProvider services, Func<CreditUsageDb, Task<int>> act)
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(BenchData.Subscription);
        return await act(scope.ServiceProvider.GetRequiredService<CreditUsageDb>());
    }
}
