using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Core;
using CreditUsage.Core.Closing;
using CreditUsage.Data;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Domain.Months;
using CreditUsage.Features.ApiKeys;
using CreditUsage.Features.Deliveries;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MimeKit;

namespace CreditUsage.Tests.Features.Deliveries;

/// <summary>
/// A clinic with a session of 25 minutes and a top-up in October 2026, at 50p a credit: 2 events, 6 credits, £3.00. Its months are sent on
/// the 23rd at 06:00, and it is the 22nd at noon. Nothing runs by itself.
/// </summary>
internal sealed class DeliveryClinic : IAsyncDisposable
{
    public const string Administrator = "administrator@delivery.example";
    public const string Finance = "finance@delivery.example";
    public const string Auditor = "auditor@delivery.example";
    public const string Owner = "owner@delivery.example";
    public const string Totals = "2 events, 6 credits, £3.00.";

    public static readonly UsageMonth October = new(2026, 10);
    public static readonly DateTimeOffset Due = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    private DeliveryClinic(Site site, SmtpServer server) => (Site, Server) = (site, server);

    public Site Site { get; }

    public SmtpServer Server { get; }

    public int Id { get; private set; }

    public IReadOnlyList<MimeMessage> Mails => [.. Server.Mails.Select(mail => MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(mail.Text))))];

    /// <param name="mail">Whether the settings name the mail server.</param>
    /// <param name="jobs">Whether the site's own runs take place.</param>
    /// <param name="change">Further changes to the services.</param>
    /// <param name="paper">Whether the real engine makes its PDFs.</param>
    public static async Task<DeliveryClinic> OpenAsync(bool mail = true, bool jobs = false, Action<IServiceCollection>? change = null, bool paper = false, Action<Site>? settings = null)
    {
        var server = new SmtpServer();
        var site = new Site
        {
            ChangeServices = services =>
            {
                if (!jobs) services.Remove(services.Single(IsQuartz));
                if (!paper) QuickEngine.AddTo(services);
                change?.Invoke(services);
            },
        };
        if (mail)
            site.With("CreditUsage:Smtp:Host", "127.0.0.1").With("CreditUsage:Smtp:Port", $"{server.Port}").With("CreditUsage:Smtp:Security", "None")
                .With("CreditUsage:Smtp:From", "CreditUsage <credits@clinic.example>").With("CreditUsage:PublicUrl", "https://credits.example");
        settings?.Invoke(site);
        site.UseKestrel(0);
        site.StartServer();
        var clinic = new DeliveryClinic(site, server) { Id = await site.SubscriptionAsync("Delivery Clinic", October.Start) };
        await site.PriceAsync(clinic.Id, October.Start, 500_000);
        Assert.True((await site.ImportRowsAsync(clinic.Id, CsvRow.Session("O1", "2026-10-03T09:00:00Z", minutes: 25), CsvRow.TopUp("O2", "2026-10-31"))).Stored);
        await site.UserAsync(clinic.Id, Administrator, Roles.Administrator);
        await site.UserAsync(clinic.Id, Finance, Roles.FinanceAdministrator);
        await site.UserAsync(clinic.Id, Auditor, Roles.Auditor);
        return clinic;
    }

    /// <summary>The same with deliveries on and one person in the list.</summary>
    public static async Task<DeliveryClinic> SendingAsync(string content = TermsInput.Files, bool jobs = false, Action<IServiceCollection>? change = null, bool paper = false)
    {
        var clinic = await OpenAsync(jobs: jobs, change: change, paper: paper);
        await clinic.SetAsync(clinic.Id, content);
        await clinic.AddAsync(clinic.Id, Owner);
        return clinic;
    }

    /// <summary>A program with a new key of this permission, by whose name the key goes.</summary>
    public async Task<ApiCaller> CallerAsync(string scope)
    {
        var (secret, faults) = await Site.InAsync(Id, services =>
        {
            var create = services.GetRequiredService<CreateApiKey>();
            return create.RunAsync(scope, scope, create.Today.AddDays(30), CancellationToken.None);
        });
        Assert.Empty(faults);
        return new ApiCaller(Site, Id, secret!.Text);
    }

    public async Task SetAsync(int subscription, string content = TermsInput.Files, string sending = "on") => Assert.Null(await Site.InAsync(subscription, services =>
        services.GetRequiredService<SetTerms>().RunAsync(
            new TermsInput { Sending = sending, Day = "23", Hour = "6", Content = content },
            FormVersion.Of(TermsInput.Of(services.GetRequiredService<CreditUsageDb>().DeliverySchedules.SingleOrDefault())), CancellationToken.None)));

    public async Task AddAsync(int subscription, string email) => Assert.Null(await Site.InAsync(subscription, services =>
        services.GetRequiredService<ChangeRecipients>().AddAsync(new PersonInput("Olga Owner", email), CancellationToken.None)));

    public Task<MonthClosing> CloseAsync() => Site.InAsync(Id, services => services.GetRequiredService<CloseMonth>().RunAsync(October, "There is no proof in this test", CancellationToken.None));

    public Task ReopenAsync() => Site.InAsync(Id, async services =>
    {
        await services.GetRequiredService<ReopenMonth>().RunAsync(October, "A session was forgotten", CancellationToken.None);
        return true;
    });

    /// <summary>What the job does every two minutes.</summary>
    public Task RunAsync(CancellationToken cancellation = default) => Site.Services.GetRequiredService<DeliverEverySubscription>().RunAsync(cancellation);

    public Task RunAtAsync(DateTimeOffset at)
    {
        Site.Clock.SetUtcNow(at);
        return RunAsync();
    }

    public Task<List<Delivery>> DeliveriesAsync() => Site.InAsync(Id, services => services.GetRequiredService<CreditUsageDb>().Deliveries.AsNoTracking().OrderBy(row => row.Id).ToListAsync());

    public Task<List<DeliveryAttempt>> TriesAsync() => Site.InAsync(Id, services => services.GetRequiredService<CreditUsageDb>().DeliveryAttempts.AsNoTracking().OrderBy(row => row.Id).ToListAsync());

    public Task<List<string>> AuditAsync() => Site.InAsync(Id, services => services.GetRequiredService<CreditUsageDb>().AuditEntries.AsNoTracking()
        .OrderBy(entry => entry.Sequence).Select(entry => $"{entry.Actor}: {entry.Action}: {entry.Subject}: {entry.Detail}").ToListAsync());

    public async Task<IHtmlDocument> PageAsync(string user = Auditor)
    {
        using var visitor = await Visitor.SignedInAsync(Site, user);
        return await visitor.PageAsync("/deliveries");
    }

    /// <summary>Presses "Try again" on the page.</summary>
    public async Task TryAgainAsync()
    {
        using var administrator = await Visitor.SignedInAsync(Site, Administrator);
        var id = (await administrator.PageAsync("/deliveries")).QuerySelector<IHtmlInputElement>("[data-delivery] input[name=id]")!.Value;
        using var answer = await administrator.PostAsync("/deliveries", "/deliveries?handler=TryAgain", new Dictionary<string, string> { ["id"] = id });
        Assert.Equal(System.Net.HttpStatusCode.Redirect, answer.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static bool IsQuartz(ServiceDescriptor service) => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Name == "QuartzHostedService";
}
