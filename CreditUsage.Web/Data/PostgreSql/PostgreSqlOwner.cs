using Microsoft.EntityFrameworkCore;
using Npgsql;
using Quartz;

namespace CreditUsage.Data.PostgreSql;

/// <summary>The role that owns the tables and migrates them, so that the site's own needs no more than to read and write rows.</summary>
/// <param name="Connection">To the database of the site, as this role.</param>
public sealed record PostgreSqlOwner(string Connection)
{
    /// <summary>Migrates, makes the job engine's tables, and gives the site's role its rights. Repeated, it changes nothing.</summary>
    /// <returns>The names of the migrations that were applied.</returns>
    internal async Task<IReadOnlyList<string>> PrepareAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        var pending = await AsOwnerAsync(db, async () =>
        {
            var names = (await db.Database.GetPendingMigrationsAsync(cancellation)).ToList();
            await db.Database.MigrateAsync(cancellation);
            return names;
        });
        await MakeJobTablesAsync(cancellation);
        // Only now is the database sure to be there. The server quotes the name.
        var site = await db.Database.SqlQuery<string>($"""SELECT quote_ident(current_user) AS "Value" """).SingleAsync(cancellation);
        var rights = $"""
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {site};
            GRANT SELECT, USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {site};
            -- What has happened is added to the audit, and never changed.
            REVOKE UPDATE, DELETE ON "AuditEntries" FROM {site};
            REVOKE INSERT, UPDATE, DELETE ON "__EFMigrationsHistory" FROM {site};
            """;
        await AsOwnerAsync(db, () => db.Database.ExecuteSqlRawAsync(rights, cancellation));
        return pending;
    }

    internal async Task<T> AsOwnerAsync<T>(CreditUsageDb db, Func<Task<T>> act)
    {
        var own = db.Database.GetConnectionString();
        db.Database.SetConnectionString(Connection);
        try
        {
            return await act();
        }
        finally
        {
            db.Database.SetConnectionString(own);
        }
    }

    private async Task MakeJobTablesAsync(CancellationToken cancellation)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddQuartz(quartz => quartz.UsePersistentStore(store =>
        {
            store.ProvisionSchema();
            store.UsePostgres(NpgsqlFactory.Instance, Connection);
        }));
        await using var provider = services.BuildServiceProvider();
        // Never started: it makes its tables when it is built.
        var scheduler = await provider.GetRequiredService<ISchedulerFactory>().GetScheduler(cancellation);
        await scheduler.Shutdown(waitForJobsToComplete: false, cancellation);
    }
}
