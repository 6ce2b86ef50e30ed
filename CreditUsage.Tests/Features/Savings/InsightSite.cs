using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Corrections;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Savings;

/// <summary>A site with one clinic that tests fill themselves. A credit costs 45p from 1 January 2026 on.</summary>
internal sealed class InsightSite : IAsyncDisposable
{
    public const string Finance = "finance@insight.example";
    public const string Administrator = "administrator@insight.example";

    private InsightSite(Site site, int clinic) => (Site, Clinic) = (site, clinic);

    public Site Site { get; }

    public int Clinic { get; }

    public static async Task<InsightSite> OpenAsync(Site? site = null, bool priced = true)
    {
        site ??= new Site();
        site.UseKestrel(0);
        site.StartServer();
        var clinic = await site.SubscriptionAsync("Insight Clinic", new DateOnly(2026, 1, 1));
        if (priced) await site.PriceAsync(clinic, new DateOnly(2026, 1, 1), 450_000);
        await site.UserAsync(clinic, Finance, Roles.FinanceAdministrator);
        await site.UserAsync(clinic, Administrator, Roles.Administrator);
        return new InsightSite(site, clinic);
    }

    public async Task ImportAsync(params string[] rows) => Assert.Empty((await Site.ImportRowsAsync(Clinic, rows)).Errors);

    public Task<T> InAsync<T>(Func<IServiceProvider, Task<T>> act) => Site.InAsync(Clinic, act);

    public Task<UsageEvent> ReverseAsync(string eventId) => InAsync(services => services.GetRequiredService<CorrectUsage>().ReverseAsync(eventId, "Ran twice", CancellationToken.None));

    public Task<int> CloseAsync(UsageMonth month) => InAsync(services => ClosingRows.AddAsync(services.GetRequiredService<CreditUsageDb>(), Clinic, month));

    /// <summary>What nobody can do from the site.</summary>
    public Task<int> TamperAsync(FormattableString sql) => InAsync(services => services.GetRequiredService<CreditUsageDb>().Database.ExecuteSqlRawAsync(TestDatabase.Quoted(sql.Format), sql.GetArguments()!));

    public Task<int> ScheduleAsync(string device, DateOnly first, DateOnly last) => InAsync(services =>
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        db.Add(CardSchedule.Of(Clinic, device, first, last));
        return db.SaveChangesAsync();
    });

    public Task<IReadOnlyList<string>> AuditAsync() => Site.AuditAsync(Clinic);

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
