using System.Globalization;
using CreditUsage.Domain.Integrity;
using CreditUsage.Platform;
using CreditUsage.Platform.Integrity;
using CreditUsage.Platform.Jobs;
using CreditUsage.Platform.Storage;
using Microsoft.Extensions.Options;
using Quartz;

namespace CreditUsage.Core.Backups;

/// <summary>The backup of the night, where settings name a folder. At a start it is made only where a night was missed.</summary>
[DisallowConcurrentExecution]
public sealed class BackupJob(IServiceScopeFactory scopes, DataChecks checks, IOptions<CreditUsageOptions> options, TimeProvider clock, ILogger<BackupJob> log) : IScheduledJob
{
    private const string NameFormat = "'creditusage-'yyyy-MM-dd'T'HHmmss'Z'";

    private static readonly TimeSpan Night = TimeSpan.FromHours(20);

    public static JobKey Key { get; } = new("backup");

    public static string Cron => "0 15 1 * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        if (options.Value.Backup.Path is not { Length: > 0 } folder || Newest(folder) > clock.GetUtcNow() - Night) return;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var path = Path.Combine(PrivateFolder.Create(folder), clock.GetUtcNow().UtcDateTime.ToString(NameFormat, CultureInfo.InvariantCulture));
            Remove(Directory.EnumerateDirectories(folder, $"*{MakeBackup.Unfinished}").Where(left => MadeAt(left[..^MakeBackup.Unfinished.Length]) is not null));
            await scope.ServiceProvider.GetRequiredService<MakeBackup>().RunAsync(Path.GetFullPath(path), cancellationToken);
            await checks.RecordAsync(DataCheckKind.Backup, null, cancellationToken);
            var oldest = clock.GetUtcNow().AddDays(-options.Value.Backup.KeepDays);
            Remove(Directory.EnumerateDirectories(folder).Where(backup => MadeAt(backup) < oldest));
        }
        catch (UserFacingException problem)
        {
            log.LogError(problem, "The nightly backup was not made");
            await checks.RecordAsync(DataCheckKind.Backup, problem.Message, cancellationToken);
        }
    }

    private static DateTimeOffset? Newest(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Max(MadeAt) : null;

    /// <summary>By its name; null for anything else in the folder.</summary>
    private static DateTimeOffset? MadeAt(string path) =>
        DateTime.TryParseExact(Path.GetFileName(path), NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? new DateTimeOffset(at) : null;

    private static void Remove(IEnumerable<string> folders)
    {
        foreach (var folder in folders.ToList()) Directory.Delete(folder, recursive: true);
    }
}
