using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Jobs;

/// <summary>A site that makes every month of more than two rows in the background, one at a time, by an engine that a test can hold up.</summary>
internal sealed class JobSite : IAsyncDisposable
{
    public const string Finance = "finance@jobs.example";
    public const string October = "?year=2026&month=10&sessions=true&topUps=true";

    /// <param name="paper">Whether the real engine is behind the gate.</param>
    public JobSite(bool paper = false) => Site = new Site
    {
        ChangeServices = services =>
        {
            if (!paper) QuickEngine.AddTo(services);
            services.Decorate(engine =>
            {
                Engine.Inner = engine;
                return Engine;
            });
        },
    }.With("CreditUsage:Reports:BackgroundRows", "2").With("CreditUsage:Pdf:Concurrency", "1");

    public Site Site { get; }

    public GatedEngine Engine { get; } = new();

    public int Clinic { get; private set; }

    public Visitor Visitor { get; private set; } = null!;

    /// <param name="enginePath">The program to use for wkhtmltopdf.</param>
    /// <param name="paper">Whether the real engine is behind the gate; always where a program is named.</param>
    public static async Task<JobSite> StartAsync(string? enginePath = null, bool paper = false)
    {
        var site = new JobSite(paper || enginePath is not null);
        if (enginePath is not null) site.Site.With("CreditUsage:Pdf:WkhtmltopdfPath", enginePath);
        site.Site.UseKestrel(0);
        site.Site.StartServer();
        // What the site's own start runs would otherwise take part in the test.
        await Wait.UntilAsync(() => site.Site.EndedJobs.Has(ReportJobsJob.Key));
        // Begun one after the other even where a test does not move the clock.
        site.Site.Clock.AutoAdvanceAmount = TimeSpan.FromMilliseconds(1);
        site.Clinic = await site.ClinicAsync(Finance);
        site.Visitor = await Visitor.SignedInAsync(site.Site, Finance);
        return site;
    }

    /// <summary>A clinic with three sessions in October 2026 and one in September, and somebody who may save its reports.</summary>
    public async Task<int> ClinicAsync(string email, string role = Roles.FinanceAdministrator)
    {
        var clinic = await Site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        await Site.ImportRowsAsync(clinic, [CsvRow.Session("S1", "2026-09-01T09:30:00Z", cost: "1.00"), .. Enumerable.Range(1, 3).Select(day => CsvRow.Session($"O{day}", $"2026-10-0{day}T09:30:00Z", cost: "1.00"))]);
        await Site.UserAsync(clinic, email, role);
        return clinic;
    }

    /// <summary>Enters a month as the page would.</summary>
    public Task<ReportJob> QueueAsync(int clinic, int month, int year = 2026) => Site.InAsync(clinic, services =>
    {
        services.GetRequiredService<CurrentSubscription>().Actor = Finance;
        return services.GetRequiredService<QueueReport>().RunAsync(new(Filter(month, year)), CancellationToken.None);
    });

    public static ReportFilter Filter(int month, int year = 2026) => new(new UsageMonth(year, month), true, true, UsageSort.Default);

    /// <summary>Posts Save To PDF, and answers the id of the job that it leads to.</summary>
    public async Task<Guid> SaveAsync(string query = October)
    {
        using var answer = await Visitor.PostAsync("/usage-report", $"/usage-report/pdf{query}");
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, answer.StatusCode);
        return Guid.Parse(answer.Headers.Location!.OriginalString["/usage-report/jobs/".Length..]);
    }

    /// <summary>All jobs of all subscriptions, in the order in which they were begun.</summary>
    public async Task<List<ReportJob>> JobsAsync()
    {
        await using var scope = Site.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().ReportJobs.AsNoTracking().OfEverySubscription().OrderBy(job => job.StartedAt).ToListAsync();
    }

    public async Task<ReportJob> JobAsync(Guid id) => (await JobsAsync()).Single(job => job.Id == id);

    public async Task<ReportJob> UntilAsync(Guid id, params ReportJobState[] states)
    {
        ReportJob job = null!;
        await Wait.UntilAsync(async () => Array.IndexOf(states, (job = await JobAsync(id)).State) >= 0);
        return job;
    }

    /// <summary>Has the engine look at the queue, as it does by itself every few seconds.</summary>
    public Task LookAsync() => Site.Services.GetRequiredService<RunJobs>().RunAsync(CancellationToken.None);

    /// <summary>The answer to a query of one column and row, where the site itself has stopped.</summary>
    public Task<string> ReadAsync(string sql) => RawData.ReadAsync(Site.DataPath, sql);

    /// <summary>Changes a job's row, as a process that was killed would have left it.</summary>
    public Task ChangeAsync(string sql) => RawData.RunAsync(Site.DataPath, sql);

    public Task<int> SavedAsync(int clinic) => Site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().SavedReports.CountAsync());

    public IReadOnlyList<string> Files => Directory.Exists(Path.Combine(Site.DataPath, "reports")) ? Directory.GetFiles(Path.Combine(Site.DataPath, "reports"), "*", SearchOption.AllDirectories) : [];

    public async ValueTask DisposeAsync()
    {
        Visitor.Dispose();
        await Site.DisposeAsync();
    }
}
