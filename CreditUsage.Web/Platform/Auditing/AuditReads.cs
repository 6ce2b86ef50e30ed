using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;

namespace CreditUsage.Platform.Auditing;

/// <summary>Notes a view or a download without waiting for the database. Changes are audited in their transaction, by <see cref="AuditLog"/>.</summary>
public sealed class AuditReads(AuditBacklog backlog, CurrentSubscription current, TimeProvider clock)
{
    /// <param name="subject">Such as "October 2026"; never a client's name.</param>
    public void Note(AuditAction action, string subject, string detail)
    {
        var subscription = current.Id ?? throw new InvalidOperationException("No subscription has been entered in this scope.");
        backlog.Add(new AuditedRead(subscription, current.Actor, clock.GetUtcNow(), action, subject, detail));
    }
}

public static class AuditingSetup
{
    public static void AddAuditing(this IServiceCollection services)
    {
        services.AddScoped<AuditLog>();
        services.AddScoped<AuditReads>();
        services.AddSingleton<AuditBacklog>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditBacklog>());
    }
}
