using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Platform.Storage;

namespace CreditUsage.Core.Integrity;

/// <summary>Writes down the newest audit entry outside the database, so that cutting off the newest entries is noticed.</summary>
public sealed class AnchorAudit(CreditUsageDb db, AuditAnchors anchors, TimeProvider clock, ILogger<AnchorAudit> log)
{
    /// <summary>Never fails: what called it is done, and the next night anchors it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            if (await AuditChain.HeadAsync(db, cancellation) is { } head)
                await anchors.AppendAsync(new AuditAnchor(db.RequireSubscriptionId(), head.Sequence, head.Hash, clock.GetUtcNow()), cancellation);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            log.LogError(problem, "The audit's newest entry could not be written beside the database");
        }
    }
}
