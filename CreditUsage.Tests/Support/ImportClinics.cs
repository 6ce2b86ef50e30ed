using CreditUsage.Core.Tables;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CreditUsage.Tests.Support;

/// <summary>One site with small limits for uploads, and a clinic of its own for every test.</summary>
public sealed class ImportClinics : IAsyncLifetime
{
    public static readonly ImportLimits Limits = new() { MaxBytes = 1024 * 1024, MaxRows = 2000 };

    private int _clinics;

    public Site Site { get; } = new() { ChangeServices = services => services.Replace(ServiceDescriptor.Singleton(Limits)) };

    /// <summary>Where uploads lie.</summary>
    public string Folder => Path.Combine(Site.DataPath, "imports");

    public async Task<ImportClinic> ClinicAsync(string role = Roles.FinanceAdministrator)
    {
        var email = $"user{Interlocked.Increment(ref _clinics)}@clinic.example";
        var clinic = await Site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        await Site.UserAsync(clinic, email, role);
        return new ImportClinic(Site, clinic, email, await Visitor.SignedInAsync(Site, email));
    }

    public Task InitializeAsync()
    {
        Site.UseKestrel(0);
        Site.StartServer();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Site.DisposeAsync().AsTask();
}

/// <summary>A clinic, and somebody signed in to it.</summary>
public sealed record ImportClinic(Site Site, int Id, string Email, Visitor Visitor) : IDisposable
{
    public Task<UsageImport> CheckedAsync(string text, string fileName = "usage.csv") => Visitor.CheckedAsync(Site, Id, text, fileName);

    public Task<UsageImport> StoreAsync(Guid import) => Visitor.StoreAsync(Site, Id, import);

    public Task<AngleSharp.Html.Dom.IHtmlDocument> PageAsync(Guid import) => Visitor.PageAsync($"/imports/{import}");

    public Task<T> InAsync<T>(Func<CreditUsageDb, Task<T>> ask) => Site.InAsync(Id, services => ask(services.GetRequiredService<CreditUsageDb>()));

    public Task<IReadOnlyList<string>> EventIdsAsync() =>
        InAsync<IReadOnlyList<string>>(async db => await db.UsageEvents.OrderBy(usage => usage.EventId).Select(usage => usage.EventId).ToListAsync());

    /// <summary>Closes a month as far as recording looks at it.</summary>
    public Task<int> CloseAsync(UsageMonth month) => InAsync(db => ClosingRows.AddAsync(db, Id, month, closedAt: Site.Clock.GetUtcNow()));

    public void Dispose() => Visitor.Dispose();
}
