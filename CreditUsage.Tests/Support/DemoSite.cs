using CreditUsage.Core.Demo;
using CreditUsage.Data;
using CreditUsage.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Support;

/// <summary>The site with its demo data, made on 22/11/2026, and the events that it is made of.</summary>
public class DemoSite : IAsyncLifetime
{
    public DemoSite() : this(new Site())
    {
    }

    protected DemoSite(Site site) => Site = site;

    public Site Site { get; }

    /// <summary>The Finance Administrator's.</summary>
    public string Password { get; private set; } = "";

    public static DateOnly Starts { get; } = new(2024, 8, 1);

    public static DateOnly Today { get; } = new(2026, 11, 22);

    public int Riverside { get; private set; }

    /// <summary>A new one each time: its events can be had once.</summary>
    public static DemoUsage Made => DemoClinic.Riverside.UsageFrom(Starts);

    public async Task InitializeAsync()
    {
        Site.UseKestrel(0);
        Site.StartServer();
        var users = await new CreateDemo(Site.Services.GetRequiredService<IServiceScopeFactory>(), Site.Clock).RunAsync(Roles.FinanceAdministrator, Roles.Administrator, CancellationToken.None);
        Password = users.Single(user => user.Email == DemoClinic.Riverside.Finance).Password;
        await using var scope = Site.Services.CreateAsyncScope();
        Riverside = await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().Subscriptions.Where(subscription => subscription.Name == DemoClinic.Riverside.Name).Select(subscription => subscription.Id).SingleAsync();
    }

    public async Task<Visitor> FinanceAsync()
    {
        var visitor = new Visitor(Site);
        using var answer = await visitor.SignInAsync(DemoClinic.Riverside.Finance, Password);
        Assert.Equal(System.Net.HttpStatusCode.Redirect, answer.StatusCode);
        return visitor;
    }

    public Task DisposeAsync() => Site.DisposeAsync().AsTask();
}

/// <summary>The same for tests to which it does not matter what stands on the paper.</summary>
public sealed class QuickDemoSite() : DemoSite(new Site { ChangeServices = QuickEngine.AddTo });
