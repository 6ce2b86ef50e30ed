using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Credits;
using CreditUsage.Features.Imports;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Quartz;

// Not .Support: from a folder beside it the name would mean CreditUsage.Site.
namespace CreditUsage.Tests;

/// <summary>The whole site on a database of its own in a folder of its own. Its clock stands still until a test moves it.</summary>
public class Site : WebApplicationFactory<Program>
{
    public const string Password = "correct horse battery";

    private readonly Dictionary<string, string> _settings = [];

    public Site() : this(prepared: true)
    {
    }

    /// <param name="prepared">Whether it finds its databases made, as at any start but the first.</param>
    internal Site(bool prepared)
    {
        if (prepared) PreparedData.CopyTo(DataPath);
    }

    public string DataPath { get; } = Directory.CreateTempSubdirectory("creditusage-test-").FullName;

    /// <summary>Past the end of every file in shared/data, in the month after.</summary>
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    public EndedJobs EndedJobs { get; } = new();

    /// <summary>Whether its start tests the PDF engine, as it does outside of tests. Whoever makes a PDF has it tested anyway.</summary>
    public bool TestsEngineAtStart { get; init; }

    /// <summary>Further changes to the services.</summary>
    public Action<IServiceCollection>? ChangeServices { get; init; }

    /// <summary>A setting, before the site starts.</summary>
    public Site With(string key, string value)
    {
        _settings[key] = value;
        return this;
    }

    /// <summary>Makes a subscription and answers its id.</summary>
    public async Task<int> SubscriptionAsync(string name, DateOnly startsOn)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
        var subscription = new Subscription { Name = name, StartsOn = startsOn };
        db.Add(subscription);
        await db.SaveChangesAsync();
        return subscription.Id;
    }

    /// <summary>Runs within a subscription, as a request or a verb would.</summary>
    public async Task<T> InAsync<T>(int subscription, Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(subscription);
        return await act(scope.ServiceProvider);
    }

    public Task<IReadOnlyList<string>> UserAsync(int subscription, string email, string role, bool isTemporary = false) =>
        InAsync(subscription, services => services.GetRequiredService<CreateUser>().RunAsync(email, Password, role, isTemporary));

    public Task<int> PriceAsync(int subscription, DateOnly from, long micros) =>
        InAsync(subscription, services => services.GetRequiredService<SetCreditPrice>().RunAsync(from, micros, CancellationToken.None));

    public async Task<ImportResult> ImportAsync(int subscription, string path)
    {
        await using var file = File.OpenRead(path);
        return await InAsync(subscription, services => services.GetRequiredService<ImportUsage>().RunAsync(file, "", mapping: null, dryRun: false, CancellationToken.None));
    }

    /// <summary>Imports rows written in the test, below the right header.</summary>
    public Task<ImportResult> ImportRowsAsync(int subscription, params string[] rows)
    {
        var csv = string.Join("\r\n", rows.Prepend(string.Join(',', UsageInput.Fields)));
        return InAsync(subscription, services => services.GetRequiredService<ImportUsage>()
            .RunAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(csv)), "", mapping: null, dryRun: false, CancellationToken.None));
    }

    /// <summary>"Charge | October 2026 | 62 daily top-ups …", the earliest first.</summary>
    public Task<IReadOnlyList<string>> AuditAsync(int subscription) => InAsync<IReadOnlyList<string>>(subscription, async services => await services.GetRequiredService<CreditUsageDb>().AuditEntries
        .OrderBy(entry => entry.Sequence).Select(entry => $"{entry.Action} | {entry.Subject} | {entry.Detail}").ToListAsync());

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
        builder.UseSetting("CreditUsage:DataPath", DataPath);
        foreach (var (key, value) in TestDatabase.SettingsOf(_settings.GetValueOrDefault("CreditUsage:DataPath", DataPath))) builder.UseSetting(key, value);
        builder.UseSetting("Logging:LogLevel:Default", "Error");
        // What is made matters here, not how long a busy machine takes.
        builder.UseSetting("CreditUsage:Pdf:TimeoutSeconds", "600");
        // Every visitor of a test comes from one address.
        foreach (var limit in new[] { "SignInsPerMinute", "VerifiesPerMinute" }) builder.UseSetting($"CreditUsage:Anonymous:{limit}", "1000000");
        foreach (var (key, value) in _settings) builder.UseSetting(key, value);
        builder.ConfigureTestServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            services.ConfigureAllQuartzSchedulers(quartz => quartz.AddJobListener(EndedJobs));
            if (!TestsEngineAtStart) services.ConfigureAllQuartzSchedulers(quartz => quartz.AddTriggerListener(new NoEngineTest()));
            services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = 1);
            ChangeServices?.Invoke(services);
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        TestDatabase.Remove(DataPath);
        if (Directory.Exists(DataPath)) Directory.Delete(DataPath, recursive: true);
    }
}
