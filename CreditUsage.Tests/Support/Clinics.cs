using CreditUsage.Platform.Security;

namespace CreditUsage.Tests.Support;

/// <summary>One site with three subscriptions, shared by the tests that only look: real input, awkward names, and nothing at all.</summary>
public class Clinics : IAsyncLifetime
{
    public const string Finance = "finance@real.example";
    public const string Administrator = "administrator@real.example";
    public const string Auditor = "auditor@real.example";
    public const string AwkwardFinance = "finance@awkward.example";
    public const string EmptyFinance = "finance@empty.example";

    private static readonly Lazy<Task<Filled>> Prepared = new(FillAsync);

    public Clinics() : this(new Site())
    {
    }

    protected Clinics(Site site) => Site = site;

    public Site Site { get; }

    public int Real { get; private set; }

    public int Awkward { get; private set; }

    public int Empty { get; private set; }

    public async Task InitializeAsync()
    {
        var filled = await Prepared.Value;
        PreparedData.Put(filled.Database, Site.DataPath);
        (Real, Awkward, Empty) = (filled.Real, filled.Awkward, filled.Empty);
        Site.UseKestrel(0);
        Site.StartServer();
    }

    public Task DisposeAsync() => Site.DisposeAsync().AsTask();

    /// <summary>Once in a run: everybody else gets a copy of the database.</summary>
    private static async Task<Filled> FillAsync()
    {
        await using var site = new Site();
        var (real, awkward, empty) = (
            await site.SubscriptionAsync("Real Clinic", new DateOnly(2024, 8, 1)), await site.SubscriptionAsync("Awkward & <Sons>", new DateOnly(2026, 6, 1)), await site.SubscriptionAsync("Empty Clinic", new DateOnly(2026, 1, 1)));
        await site.ImportAsync(real, SharedData.Usage);
        await site.ImportAsync(awkward, SharedData.Awkward);
        await site.UserAsync(real, Finance, Roles.FinanceAdministrator);
        await site.UserAsync(real, Administrator, Roles.Administrator);
        await site.UserAsync(real, Auditor, Roles.Auditor);
        await site.UserAsync(awkward, AwkwardFinance, Roles.FinanceAdministrator);
        await site.UserAsync(empty, EmptyFinance, Roles.FinanceAdministrator);
        return new Filled(PreparedData.Keep(site.DataPath), real, awkward, empty);
    }

    private sealed record Filled(string Database, int Real, int Awkward, int Empty);
}

/// <summary>The same for tests to which it does not matter what stands on the paper.</summary>
public sealed class QuickClinics() : Clinics(new Site { ChangeServices = QuickEngine.AddTo });

[CollectionDefinition(Name)]
public sealed class ClinicsCollection : ICollectionFixture<Clinics>
{
    public const string Name = "Clinics";
}
