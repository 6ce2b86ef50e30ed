using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Platform;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Quartz;

namespace CreditUsage.Core.Intake;

/// <summary>One import of a subscription at a time, over all processes: a file in the data folder is held open, and let go by whatever end the process has.</summary>
public sealed class ImportTurns(IOptions<CreditUsageOptions> options)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    public async Task<IDisposable> EnterAsync(int subscription, CancellationToken cancellation)
    {
        while (true)
        {
            if (TryEnter(subscription) is { } turn) return turn;
            await Task.Delay(BetweenTries, cancellation);
        }
    }

    /// <summary>Null while another import is under way.</summary>
    public IDisposable? TryEnter(int subscription)
    {
        var path = Path.Combine(options.Value.DataFolder, string.Create(CultureInfo.InvariantCulture, $"import-{subscription}.lock"));
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }
}

/// <summary>At each start and each night: removes what imports have left whose process was killed. Nobody has seen it.</summary>
[DisallowConcurrentExecution]
public sealed class RemoveAbandonedImportsJob(IServiceScopeFactory scopes, CreditUsageDb db, ImportTurns turns) : IScheduledJob
{
    public static JobKey Key { get; } = new("remove-abandoned-imports");

    public static string Cron => "0 53 2 * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var left = await db.UsageIntakes.IgnoreQueryFilters().Where(intake => intake.HiddenBlock != null).Select(intake => intake.SubscriptionId).ToListAsync(cancellationToken);
        foreach (var subscription in left)
        {
            using var turn = turns.TryEnter(subscription);
            if (turn is null) continue;
            await scopes.InSubscriptionAsync(subscription, services => HiddenIntake.RemoveAsync(services.GetRequiredService<CreditUsageDb>(), cancellationToken));
        }
    }
}
