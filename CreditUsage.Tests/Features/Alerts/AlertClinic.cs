using AngleSharp.Html.Dom;
using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Alerts;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CreditUsage.Tests.Features.Alerts;

/// <summary>A clinic that began on 01/10/2026 and pays 50p a credit. It is the 22nd of November at noon, and nothing runs by itself unless it is asked for.</summary>
internal sealed class AlertClinic : IAsyncDisposable
{
    public const string Administrator = "administrator@alert.example";
    public const string Finance = "finance@alert.example";
    public const string Auditor = "auditor@alert.example";
    public const string Path = "/alerts";

    private AlertClinic(Site site, SmtpServer server) => (Site, Server) = (site, server);

    public Site Site { get; }

    public SmtpServer Server { get; }

    public int Id { get; private set; }

    /// <param name="mail">Whether the settings name the mail server.</param>
    /// <param name="jobs">Whether the site's own runs take place.</param>
    public static async Task<AlertClinic> OpenAsync(bool mail = true, bool jobs = false)
    {
        var server = new SmtpServer();
        var site = new Site
        {
            ChangeServices = services =>
            {
                if (!jobs) services.Remove(services.Single(IsQuartz));
            },
        };
        if (mail)
            site.With("CreditUsage:Smtp:Host", "127.0.0.1").With("CreditUsage:Smtp:Port", $"{server.Port}").With("CreditUsage:Smtp:Security", "None")
                .With("CreditUsage:Smtp:From", "CreditUsage <credits@clinic.example>").With("CreditUsage:PublicUrl", "https://credits.example");
        site.UseKestrel(0);
        site.StartServer();
        var clinic = new AlertClinic(site, server) { Id = await site.SubscriptionAsync("Alert Clinic", new DateOnly(2026, 10, 1)) };
        await site.PriceAsync(clinic.Id, new DateOnly(2026, 10, 1), 500_000);
        await site.UserAsync(clinic.Id, Administrator, Roles.Administrator);
        await site.UserAsync(clinic.Id, Finance, Roles.FinanceAdministrator);
        await site.UserAsync(clinic.Id, Auditor, Roles.Auditor);
        return clinic;
    }

    /// <summary>A session of as many credits.</summary>
    public async Task UseAsync(string id, string day, int credits, string staff = "S1", string program = "Sleep") => Assert.True((await Site.ImportRowsAsync(Id, CsvRow.Line(
        id, "connected-session", $"{day}T09:00:00Z", staff, $"Name of {staff}", "C1", "Ann Client", program, "", "", $"{credits * 5}", "", ""))).Stored);

    public Task GrantAsync(int credits) => Site.InAsync(Id, services =>
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        var now = Site.Clock.GetUtcNow();
        db.Add(new LedgerEntry
        {
            SubscriptionId = Id,
            Kind = LedgerEntryKind.Grant,
            ServiceDate = DateOnly.FromDateTime(now.UtcDateTime),
            ReportMonth = UsageMonth.Of(now),
            PostedAt = now,
            Credits = credits,
            RecordedAt = now,
            RecordedBy = "the test",
        });
        return db.SaveChangesAsync();
    });

    public async Task AddAsync(AlertKind kind, string line, string? of = null, string emails = "") => Assert.Null(await Site.InAsync(Id, services =>
        services.GetRequiredService<ChangeAlerts>().AddAsync(kind, new AlertInput(kind.ToString(), line, of, emails), CancellationToken.None)));

    /// <summary>What the job does every three minutes.</summary>
    public Task RunAsync() => Site.Services.GetRequiredService<EvaluateEverySubscription>().RunAsync(CancellationToken.None);

    public Task RunAtAsync(DateTimeOffset at)
    {
        Site.Clock.SetUtcNow(at);
        return RunAsync();
    }

    public Task<List<AlertFiring>> FiringsAsync() => Site.InAsync(Id, services => services.GetRequiredService<CreditUsageDb>().AlertFirings.AsNoTracking().OrderBy(row => row.Id).ToListAsync());

    /// <summary>"one@alert.example: Sent, 1: Taken: OK", in the order of the rule's addresses.</summary>
    public Task<List<string>> NoticesAsync() => Site.InAsync(Id, async services => (await services.GetRequiredService<CreditUsageDb>().AlertNotices.AsNoTracking().OrderBy(row => row.Id).ToListAsync())
        .ConvertAll(notice => $"{notice.Email}: {notice.State}, {notice.Attempts}: {notice.Outcome}"));

    public Task<List<AlertRule>> RulesAsync() => Site.InAsync(Id, services => services.GetRequiredService<CreditUsageDb>().AlertRules.AsNoTracking().OrderBy(row => row.Id).ToListAsync());

    public Task<List<string>> AuditAsync() => Site.InAsync(Id, services => services.GetRequiredService<CreditUsageDb>().AuditEntries.AsNoTracking()
        .Where(entry => entry.Subject == "Alerts").OrderBy(entry => entry.Sequence).Select(entry => $"{entry.Actor}: {entry.Action}: {entry.Detail}").ToListAsync());

    public async Task<IHtmlDocument> PageAsync(string user = Auditor, string path = Path)
    {
        using var visitor = await Visitor.SignedInAsync(Site, user);
        return await visitor.PageAsync(path);
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static bool IsQuartz(ServiceDescriptor service) => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Name == "QuartzHostedService";
}
