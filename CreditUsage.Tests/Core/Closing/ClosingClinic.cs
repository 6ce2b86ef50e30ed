using CreditUsage.Core.Closing;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Closing;

/// <summary>A site for the clinics of several tests. None of them moves its clock.</summary>
public sealed class ClosingClinicsSite : IDisposable
{
    public ClosingClinicsSite()
    {
        Site.UseKestrel(0);
        Site.StartServer();
    }

    /// <summary>With the quick engine.</summary>
    public Site Site { get; } = new() { ChangeServices = QuickEngine.AddTo };

    public void Dispose() => Site.Dispose();
}

/// <summary>A clinic with usage in August, September and October 2026, at 50p a credit, on a site of its own or beside others.</summary>
public sealed class ClosingClinic : IAsyncDisposable
{
    public const string Finance = "finance@closing.example";
    public const string Administrator = "administrator@closing.example";
    public const string Auditor = "auditor@closing.example";
    public const string Note = "There is no proof in this test";

    public static readonly UsageMonth August = new(2026, 8);
    public static readonly UsageMonth September = new(2026, 9);
    public static readonly UsageMonth October = new(2026, 10);

    public required Site Site { get; init; }

    public int Id { get; private set; }

    private bool Shared { get; init; }

    /// <param name="site">One with the real engine where it matters what stands on the paper; otherwise the quick one makes it.</param>
    public static async Task<ClosingClinic> OpenAsync(Site? site = null)
    {
        var clinic = new ClosingClinic { Site = site ?? new Site { ChangeServices = QuickEngine.AddTo } };
        clinic.Site.UseKestrel(0);
        clinic.Site.StartServer();
        return await clinic.FillAsync();
    }

    public static Task<ClosingClinic> OpenAsync(ClosingClinicsSite beside)
    {
        ArgumentNullException.ThrowIfNull(beside);
        return new ClosingClinic { Site = beside.Site, Shared = true }.FillAsync();
    }

    private async Task<ClosingClinic> FillAsync()
    {
        Id = await Site.SubscriptionAsync("Closing Clinic", August.Start);
        await Site.PriceAsync(Id, August.Start, 500_000);
        await ImportAsync(
            CsvRow.Session("A1", "2026-08-03T09:00:00Z", minutes: 25), CsvRow.TopUp("A2", "2026-08-31"),
            CsvRow.Session("S1", "2026-09-30T23:59:59Z", minutes: 30), CsvRow.Session("O1", "2026-10-01T00:00:00Z", minutes: 5));
        foreach (var (email, role) in new[] { (Finance, Roles.FinanceAdministrator), (Administrator, Roles.Administrator), (Auditor, Roles.Auditor) })
            Assert.Empty(await Site.UserAsync(Id, EmailOf(email), role));
        return this;
    }

    /// <summary>Beside others each clinic has people of its own.</summary>
    public string EmailOf(string who) => Shared ? FormattableString.Invariant($"{Id}.{who}") : who;

    public Task<Visitor> SignedInAsync(string who) => Visitor.SignedInAsync(Site, EmailOf(who));

    public async Task ImportAsync(params string[] rows) => Assert.True((await Site.ImportRowsAsync(Id, rows)).Stored);

    public Task<T> InAsync<T>(Func<IServiceProvider, Task<T>> act) => Site.InAsync(Id, act);

    public Task<MonthClosing> CloseAsync(UsageMonth month, string? note = Note) =>
        InAsync(services => services.GetRequiredService<CloseMonth>().RunAsync(month, note, CancellationToken.None));

    public Task ReopenAsync(UsageMonth month) => InAsync(async services =>
    {
        await services.GetRequiredService<ReopenMonth>().RunAsync(month, "A session was forgotten", CancellationToken.None);
        return true;
    });

    public async Task<IReadOnlyList<UsageEvent>> EventsAsync() =>
        await InAsync(services => services.GetRequiredService<CreditUsageDb>().UsageEvents.AsNoTracking().OrderBy(usage => usage.Id).ToListAsync());

    public Task<UsageEvent> EventAsync(string id) => InAsync(services => services.GetRequiredService<CreditUsageDb>().UsageEvents.AsNoTracking().SingleAsync(usage => usage.EventId == id));

    /// <summary>The file of a closed month as it lies on the disk.</summary>
    public Task<byte[]> FileAsync(string sha256, string extension) => File.ReadAllBytesAsync(Path.Combine(Site.DataPath, "reports", sha256[..2], $"{sha256}.{extension}"));

    public ValueTask DisposeAsync() => Shared ? ValueTask.CompletedTask : Site.DisposeAsync();
}
