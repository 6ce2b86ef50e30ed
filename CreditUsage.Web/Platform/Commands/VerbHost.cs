using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Security;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Commands;

public sealed class VerbHost(string[] settings, Func<string[], WebApplication> build)
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>Who acts, for the audit.</summary>
    public const string Actor = "the command line";

    /// <summary>Standard output holds the verb's answer only.</summary>
    private static readonly string[] QuietLog = ["--Logging:LogLevel:Default=Warning", "--Logging:Console:LogToStandardErrorThreshold=Trace"];

    public Task<int> RunAsync(Func<IServiceProvider, Task<int>> verb, CancellationToken cancellation) => RunAsync(subscriptionId: null, verb, cancellation);

    public async Task<int> RunAsync(int? subscriptionId, Func<IServiceProvider, Task<int>> verb, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(verb);
        await using var app = await BuildAsync([.. QuietLog, .. settings], cancellation);
        await using var scope = app.Services.CreateAsyncScope();
        if (subscriptionId is { } id) await EnterAsync(scope.ServiceProvider, id, cancellation);
        return await verb(scope.ServiceProvider);
    }

    /// <summary>With further settings, which win over those of the command line.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> further, Func<IServiceProvider, Task<int>> verb, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(verb);
        await using var app = await BuildAsync([.. QuietLog, .. settings, .. further], cancellation);
        await using var scope = app.Services.CreateAsyncScope();
        return await verb(scope.ServiceProvider);
    }

    /// <summary>What the settings say; touches nothing.</summary>
    /// <returns>The connection is null where the database is in the data folder.</returns>
    public async Task<(CreditUsageOptions Options, string? Connection)> ReadAsync()
    {
        await using var app = build([.. settings]);
        return (app.Services.GetRequiredService<IOptions<CreditUsageOptions>>().Value, app.Configuration.GetConnectionString(DatabaseEngine.ConnectionName));
    }

    /// <summary>Creates the data folder, removes what a killed process left in it, and migrates the database unless the settings forbid it.</summary>
    /// <exception cref="UserFacingException">The folder cannot be used, another process is migrating the database, or a newer program has.</exception>
    public async Task<WebApplication> BuildAsync(string[] allSettings, CancellationToken cancellation) => (await BuildAndMigrateAsync(allSettings, cancellation)).App;

    private async Task<(WebApplication App, IReadOnlyList<string> Applied)> BuildAndMigrateAsync(string[] allSettings, CancellationToken cancellation)
    {
        var app = build(allSettings);
        var options = app.Services.GetRequiredService<IOptions<CreditUsageOptions>>().Value;
        DataFolder.Prepare(options.DataFolder);
        if (DataFolder.OpennessOf(options.DataFolder) is { } open) app.Services.GetRequiredService<ILogger<VerbHost>>().LogWarning("{Warning}", open);
        PdfJobFolder.Sweep(options.DataFolder);
        // Where nothing is migrated, as in a backup that is looked at, no folder is made; the keys make theirs when the first is needed.
        if (options.Database.MigrateOnStart || Directory.Exists(options.KeyFolder)) SecretKeys.PrepareFolder(options);
        var applied = await MigrateAsync(app.Services, options.Database.MigrateOnStart, cancellation);
        await MoveSecretsAsync(app.Services, cancellation);
        return (app, applied);
    }

    /// <summary>Applies pending migrations, whatever the settings say, and names them.</summary>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellation)
    {
        var (app, applied) = await BuildAndMigrateAsync([.. QuietLog, .. settings, "--CreditUsage:Database:MigrateOnStart=true"], cancellation);
        await app.DisposeAsync();
        return applied;
    }

    /// <summary>Logs what whoever runs a site should know of its database.</summary>
    public static async Task WarnAsync(WebApplication app, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(app);
        await using var scope = app.Services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().WarningAsync(cancellation) is { } warning) app.Services.GetRequiredService<ILogger<VerbHost>>().LogWarning("{Warning}", warning);
    }

    public IReadOnlyList<string> Settings => settings;

    private static async Task<IReadOnlyList<string>> MigrateAsync(IServiceProvider services, bool pending, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
        if (await db.IsNewerAsync(cancellation))
            throw new UserFacingException("A newer version of CreditUsage has changed this database, so this version leaves it alone. Start the newer version, or restore a backup that this one made.");
        try
        {
            return pending ? await db.MigrateAsync(cancellation) : [];
        }
        catch (MigrationException problem)
        {
            throw new UserFacingException(problem.Message, problem);
        }
    }

    private static async Task MoveSecretsAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        // A database that is still to be migrated has not been moved to this version.
        if ((await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().Database.GetPendingMigrationsAsync(cancellation)).Any()) return;
        await scope.ServiceProvider.GetRequiredService<MoveSecrets>().RunAsync(cancellation);
    }

    private static async Task EnterAsync(IServiceProvider services, int id, CancellationToken cancellation)
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        if (!await db.Subscriptions.AnyAsync(subscription => subscription.Id == id, cancellation))
            throw new UserFacingException($"There is no subscription {id}. The verb create-subscription makes one and prints its id.");
        var current = services.GetRequiredService<CurrentSubscription>();
        current.Enter(id);
        current.Actor = Actor;
    }
}
