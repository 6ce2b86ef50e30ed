using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Commands;

/// <summary>Gives a verb the services of the site: settings read, data folder there, database migrated, subscription entered.</summary>
/// <param name="settings">Words of the command line that are settings, such as --CreditUsage:DataPath=/srv/data.</param>
/// <param name="build">Builds the site without starting it.</param>
public sealed class VerbHost(string[] settings, Func<string[], WebApplication> build)
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>What a verb prints is its answer: the log says only what is wrong, and says it elsewhere.</summary>
    private static readonly string[] QuietLog = ["--Logging:LogLevel:Default=Warning", "--Logging:Console:LogToStandardErrorThreshold=Trace"];

    /// <summary>Runs a verb of no subscription in particular.</summary>
    public Task<int> RunAsync(Func<IServiceProvider, Task<int>> verb, CancellationToken cancellation) => RunAsync(null, verb, cancellation);

    /// <summary>Runs a verb within one subscription. Its answer is the exit code.</summary>
    /// <exception cref="UserFacingException">There is no such subscription.</exception>
    public async Task<int> RunAsync(int? subscriptionId, Func<IServiceProvider, Task<int>> verb, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(verb);
        await using var app = await BuildAsync([.. QuietLog, .. settings], cancellation);
        await using var scope = app.Services.CreateAsyncScope();
        if (subscriptionId is { } id) await EnterAsync(scope.ServiceProvider, id, cancellation);
        return await verb(scope.ServiceProvider);
    }

    /// <summary>The site, prepared and ready to start.</summary>
    /// <param name="more">Further settings.</param>
    public async Task<WebApplication> BuildAsync(string[] more, CancellationToken cancellation)
    {
        var app = build(more);
        var options = app.Services.GetRequiredService<IOptions<CreditUsageOptions>>().Value;
        await DatabaseSetup.PrepareAsync(app.Services, options.Database.MigrateOnStart, cancellation);
        return app;
    }

    /// <summary>The settings of this command line, for the verbs that add their own.</summary>
    public IReadOnlyList<string> Settings => settings;

    private static async Task EnterAsync(IServiceProvider services, int id, CancellationToken cancellation)
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        if (!await db.Subscriptions.AnyAsync(subscription => subscription.Id == id, cancellation))
            throw new UserFacingException($"There is no subscription {id}. The verb create-subscription makes one and prints its id.");
        var current = services.GetRequiredService<CurrentSubscription>();
        current.Enter(id);
        current.Actor = "the command line";
    }
}
