using System.Globalization;
using CreditUsage.Features.ApiKeys;
using CreditUsage.Platform.Api;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Support;

/// <summary>A running site for the tests of its API. Each test makes subscriptions and keys of its own.</summary>
public sealed class ApiSite : IAsyncLifetime
{
    private int _made;

    public Site Site { get; } = new();

    public Task InitializeAsync()
    {
        Site.UseKestrel(0);
        Site.StartServer();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Site.DisposeAsync().AsTask();

    /// <summary>A new subscription that began on 1 January 2026.</summary>
    public Task<int> SubscriptionAsync() => Site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));

    /// <summary>A caller with a new key of a new subscription.</summary>
    public async Task<ApiCaller> CallerAsync(string scope = ApiScopes.WriteUsage) => await CallerAsync(await SubscriptionAsync(), scope);

    public async Task<ApiCaller> CallerAsync(int subscription, string scope = ApiScopes.WriteUsage)
    {
        var (_, key) = await KeyAsync(subscription, scope);
        return new ApiCaller(Site, subscription, key);
    }

    public async Task<(string Name, string Key)> KeyAsync(int subscription, string scope, int days = 90)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"Meter {Interlocked.Increment(ref _made)}");
        var (secret, faults) = await Site.InAsync(subscription, services =>
        {
            var create = services.GetRequiredService<CreateApiKey>();
            return create.RunAsync(name, scope, create.Today.AddDays(days), CancellationToken.None);
        });
        Assert.Empty(faults);
        return (name, secret!.Text);
    }
}

[CollectionDefinition(Name)]
public sealed class ApiCollection : ICollectionFixture<ApiSite>
{
    public const string Name = "API";
}
