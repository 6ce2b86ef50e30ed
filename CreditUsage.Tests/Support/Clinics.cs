using CreditUsage.Platform.Security;

namespace CreditUsage.Tests.Support;

/// <summary>One site with three subscriptions, shared by the tests that only look: real input, awkward names, and nothing at all.</summary>
public sealed class Clinics : IAsyncLifetime
{
    public const string Finance = "finance@real.example";
    public const string Administrator = "administrator@real.example";
    public const string Auditor = "auditor@real.example";
    public const string AwkwardFinance = "finance@awkward.example";
    public const string EmptyFinance = "finance@empty.example";

    public Site Site { get; } = new();

    public int Real { get; private set; }

    public int Awkward { get; private set; }

    public int Empty { get; private set; }

    public async Task InitializeAsync()
    {
        Start(Site);
        Real = await Site.SubscriptionAsync("Real Clinic", new DateOnly(2024, 8, 1));
        Awkward = await Site.SubscriptionAsync("Awkward & <Sons>", new DateOnly(2026, 6, 1));
        Empty = await Site.SubscriptionAsync("Empty Clinic", new DateOnly(2026, 1, 1));
        await Site.ImportAsync(Real, SharedData.Usage);
        await Site.ImportAsync(Awkward, SharedData.Awkward);
        await Site.UserAsync(Real, Finance, Roles.FinanceAdministrator);
        await Site.UserAsync(Real, Administrator, Roles.Administrator);
        await Site.UserAsync(Real, Auditor, Roles.Auditor);
        await Site.UserAsync(Awkward, AwkwardFinance, Roles.FinanceAdministrator);
        await Site.UserAsync(Empty, EmptyFinance, Roles.FinanceAdministrator);
    }

    public Task DisposeAsync() => Site.DisposeAsync().AsTask();

    private static void Start(Site site)
    {
        site.UseKestrel(0);
        site.StartServer();
    }
}

[CollectionDefinition(Name)]
public sealed class ClinicsCollection : ICollectionFixture<Clinics>
{
    public const string Name = "Clinics";
}
