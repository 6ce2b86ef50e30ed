using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using CreditUsage.Core.Closing;
using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Pdf;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Jobs;

/// <summary>A long month is closed in the background: checked at once, closed once, and told truly.</summary>
public sealed class ClosingJobTests : IAsyncLifetime
{
    private const string August = "/months/2026-08";
    private static readonly Dictionary<string, string> WithNote = new() { ["note"] = ClosingClinic.Note };

    private readonly JobSite _jobs = new();
    private ClosingClinic _clinic = null!;
    private Visitor _finance = null!;

    public async Task InitializeAsync()
    {
        // August has two rows, September and October one each.
        _clinic = await ClosingClinic.OpenAsync(_jobs.Site.With("CreditUsage:Reports:BackgroundRows", "1"));
        await Wait.UntilAsync(() => _jobs.Site.EndedJobs.Has(ReportJobsJob.Key));
        _jobs.Site.Clock.AutoAdvanceAmount = TimeSpan.FromMilliseconds(1);
        _finance = await Visitor.SignedInAsync(_jobs.Site, ClosingClinic.Finance);
    }

    public async Task DisposeAsync()
    {
        _finance.Dispose();
        await _clinic.DisposeAsync();
    }

    [Fact]
    public async Task The_checklist_is_looked_at_at_once_and_the_month_is_closed_later_as_whoever_asked()
    {
        var gate = _jobs.Engine.Close();
        _jobs.Engine.Before = (_, rows, cancellation) =>
        {
            rows?.Report(1);
            return gate.Task.WaitAsync(cancellation);
        };
        using var without = await _finance.PostAsync(August, $"{August}?handler=Close");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, 0), (without.StatusCode, (await _jobs.JobsAsync()).Count));

        var id = await AskAsync();
        await Wait.UntilAsync(async () => (await _jobs.JobAsync(id)).RowsDone == 1);
        var (making, month) = (await _finance.PageAsync($"/usage-report/jobs/{id}"), await _finance.PageAsync(August));
        Assert.Equal(("Closing of August 2026", "Being closed"), (making.QuerySelector("h1")!.TextContent, making.QuerySelector("#state-heading")!.TextContent));
        Assert.Contains("1 of 2 rows", making.QuerySelector("#job-state")!.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/usage-report/jobs/{id}", month.QuerySelector("[data-being-closed] a")!.GetAttribute("href"));
        Assert.Null(month.QuerySelector("#note"));

        gate.SetResult();
        var job = await _jobs.UntilAsync(id, ReportJobState.Done, ReportJobState.Failed);
        var closing = Assert.Single(await ClosingsAsync());
        Assert.Equal((job.SavedReportId, ClosingClinic.Finance, ClosingClinic.Note, 1, 2), (closing.SavedReportId, closing.ClosedBy, closing.Note, closing.Version, job.RowsDone));
        Assert.Equal(closing.RowsSha256, Convert.ToHexStringLower(SHA256.HashData(await _clinic.FileAsync(closing.RowsSha256, "json"))));
        Assert.Contains("Closed v1", (await _finance.PageAsync(August)).QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        var audit = (await _jobs.Site.AuditAsync(_clinic.Id)).Where(entry => entry.StartsWith("Close | ", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, audit.Count);
        Assert.Equal("Close | August 2026 | Asked for in the background: closing", audit[0]);
        Assert.Contains($"although: {ClosingClinic.Note}", audit[1], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_jobs.Site.DataPath, "pdf-jobs")));
    }

    [Fact]
    public async Task The_page_of_what_was_closed_offers_its_report_and_the_pack_with_it()
    {
        var id = await AskAsync();
        await _jobs.UntilAsync(id, ReportJobState.Done, ReportJobState.Failed);
        var closing = Assert.Single(await ClosingsAsync());
        var page = await _finance.PageAsync($"/usage-report/jobs/{id}");
        Assert.Equal("Closed", page.QuerySelector("#state-heading")!.TextContent);
        Assert.Equal("Credit Usage Report 2026-08 - closed v1.pdf", page.QuerySelector("[data-save-as]")!.GetAttribute("data-save-as"));
        using var pack = await _finance.GetAsync(page.QuerySelectorAll("#job-state a").Single(link => link.TextContent == "Download pack").GetAttribute("href")!);
        using var zip = new ZipArchive(await pack.Content.ReadAsStreamAsync());
        await using var pdf = await zip.GetEntry("Credit Usage Report 2026-08.pdf")!.OpenAsync();
        Assert.Equal(closing.PdfSha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(pdf)));
    }

    [Fact]
    public async Task A_short_month_is_closed_at_once()
    {
        await _clinic.CloseAsync(ClosingClinic.August);
        using var answer = await _finance.PostAsync("/months/2026-09", "/months/2026-09?handler=Close", WithNote);
        Assert.Equal((HttpStatusCode.Redirect, 2, 0), (answer.StatusCode, (await ClosingsAsync()).Count, (await _jobs.JobsAsync()).Count));
    }

    [Fact]
    public async Task Asked_for_again_it_is_the_one_closing_and_of_several_months_those_after_it_wait()
    {
        var gate = _jobs.Engine.Close();
        var first = await AskAsync();
        Assert.Equal(first, await AskAsync());
        using var several = await _finance.PostAsync("/months", "/months", new Dictionary<string, string> { ["upTo"] = "2026-09", ["note"] = ClosingClinic.Note });
        var said = (await Visitor.ReadAsync(several)).QuerySelector("[data-being-closed]")!;
        Assert.Contains("August 2026 is being closed in the background", said.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/usage-report/jobs/{first}", said.QuerySelector("a")!.GetAttribute("href"));
        gate.SetResult();
        await _jobs.UntilAsync(first, ReportJobState.Done, ReportJobState.Failed);
        Assert.Equal((1, 1), ((await _jobs.JobsAsync()).Count, (await ClosingsAsync()).Count));
    }

    [Fact]
    public async Task Saving_the_months_report_and_closing_it_are_two_jobs()
    {
        var gate = _jobs.Engine.Close();
        var saving = await QueueAsync(new JobRequest(new(ReportFilter.Whole(ClosingClinic.August))));
        var closing = await AskAsync();
        Assert.NotEqual(saving.Id, closing);
        gate.SetResult();
        await _jobs.UntilAsync(closing, ReportJobState.Done, ReportJobState.Failed);
        Assert.Equal([ReportJobState.Done, ReportJobState.Done], (await _jobs.JobsAsync()).Select(job => job.State));
    }

    [Fact]
    public async Task Cancelled_the_month_stays_open_and_try_again_closes_it_with_the_same_note()
    {
        var gate = _jobs.Engine.Close();
        var id = await AskAsync();
        await _jobs.UntilAsync(id, ReportJobState.Running);
        using var cancelled = await _finance.PostAsync($"/usage-report/jobs/{id}", $"/usage-report/jobs/{id}/cancel");
        await _jobs.UntilAsync(id, ReportJobState.Cancelled);
        Assert.Empty(await ClosingsAsync());
        Assert.Contains("The month was not closed.", (await _finance.PageAsync($"/usage-report/jobs/{id}")).QuerySelector("#job-state")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull((await _finance.PageAsync(August)).QuerySelector("#note"));

        gate.SetResult();
        using var again = await _finance.PostAsync($"/usage-report/jobs/{id}", $"/usage-report/jobs/{id}/again");
        await _jobs.UntilAsync(IdOf(again), ReportJobState.Done, ReportJobState.Failed);
        Assert.Equal(ClosingClinic.Note, Assert.Single(await ClosingsAsync()).Note);
    }

    [Fact]
    public async Task What_goes_wrong_is_said_in_words()
    {
        _jobs.Engine.Before = (_, _, _) => throw new PdfException("The disk is full of paper. Use Print.");
        var failed = await _jobs.UntilAsync(await AskAsync(), ReportJobState.Failed, ReportJobState.Done);
        Assert.Equal("The disk is full of paper. Use Print.", failed.Problem);
        Assert.Empty(await ClosingsAsync());

        // Somebody else closes it while it waits.
        var gate = _jobs.Engine.Close();
        var blocking = await QueueAsync(new JobRequest(new(ReportFilter.Whole(ClosingClinic.October))));
        await _jobs.UntilAsync(blocking.Id, ReportJobState.Running);
        var late = await AskAsync();
        _jobs.Engine.Before = (_, _, _) => Task.CompletedTask;
        await _clinic.CloseAsync(ClosingClinic.August);
        gate.SetResult();
        Assert.Equal("August 2026 is closed already.", (await _jobs.UntilAsync(late, ReportJobState.Failed, ReportJobState.Done)).Problem);
    }

    [Fact]
    public async Task One_that_was_committed_before_its_process_could_say_so_is_done_and_not_repeated()
    {
        _jobs.Engine.Close();
        var id = await AskAsync();
        await _jobs.UntilAsync(id, ReportJobState.Running);
        await _jobs.Site.InAsync(_clinic.Id, async services =>
        {
            await services.GetRequiredService<CancelJob>().RunAsync(id, CancellationToken.None);
            return 0;
        });
        await _jobs.UntilAsync(id, ReportJobState.Cancelled);
        _jobs.Engine.Before = (_, _, _) => Task.CompletedTask;
        var closing = await _jobs.Site.InAsync(_clinic.Id, services =>
        {
            services.GetRequiredService<CurrentSubscription>().Actor = ClosingClinic.Finance;
            return services.GetRequiredService<CloseMonth>().RunAsync(ClosingClinic.August, ClosingClinic.Note, CancellationToken.None);
        });
        await KilledAsync(id, attempts: 1);
        await _jobs.LookAsync();
        var done = await _jobs.UntilAsync(id, ReportJobState.Done, ReportJobState.Failed);
        Assert.Equal((ReportJobState.Done, closing.SavedReportId, 1, 1), (done.State, done.SavedReportId, done.Attempts, (await ClosingsAsync()).Count));
    }

    [Fact]
    public async Task One_whose_process_was_killed_is_begun_again_as_often_as_that_happens()
    {
        var gate = _jobs.Engine.Close();
        var blocking = await QueueAsync(new JobRequest(new(ReportFilter.Whole(ClosingClinic.October))));
        await _jobs.UntilAsync(blocking.Id, ReportJobState.Running);
        var id = await AskAsync();
        await KilledAsync(id, attempts: 1);
        await _jobs.LookAsync();
        await _jobs.UntilAsync(id, ReportJobState.Queued);
        await KilledAsync(id, attempts: 2);
        await _jobs.LookAsync();
        await _jobs.UntilAsync(id, ReportJobState.Queued);
        gate.SetResult();
        Assert.Equal(3, (await _jobs.UntilAsync(id, ReportJobState.Done)).Attempts);
        Assert.Single(await ClosingsAsync());
    }

    [Fact]
    public async Task When_no_more_may_wait_the_months_page_says_when_to_come_back()
    {
        _jobs.Engine.Close();
        var sorts = Enum.GetValues<UsageColumn>().Select(column => new UsageSort(column, Descending: true));
        foreach (var sort in sorts)
            foreach (var month in new[] { ClosingClinic.August, ClosingClinic.September, ClosingClinic.October }.Take(sort.Column < UsageColumn.Duration ? 3 : 2))
                if ((await _jobs.JobsAsync()).Count < 20) await QueueAsync(new JobRequest(new(new ReportFilter(month, true, true, sort))));
        Assert.Equal(20, (await _jobs.JobsAsync()).Count);
        using var refused = await _finance.PostAsync(August, $"{August}?handler=Close", WithNote);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromMinutes(1)), (refused.StatusCode, refused.Headers.RetryAfter!.Delta));
        var page = await Visitor.ReadAsync(refused);
        Assert.Contains("20 reports are already waiting", page.QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(ClosingClinic.Note, page.QuerySelector("#note")!.GetAttribute("value"));
    }

    /// <summary>Closes August from its page, and answers the id of the job that this leads to.</summary>
    private async Task<Guid> AskAsync()
    {
        using var answer = await _finance.PostAsync("/months", $"{August}?handler=Close", WithNote);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return IdOf(answer);
    }

    private static Guid IdOf(HttpResponseMessage answer) => Guid.Parse(answer.Headers.Location!.OriginalString["/usage-report/jobs/".Length..]);

    private async Task<ReportJob> QueueAsync(JobRequest wanted) =>
        (await _clinic.InAsync(services => services.GetRequiredService<QueueReport>().RunAsync([wanted], batch: null, CancellationToken.None)))[0];

    /// <summary>As a process leaves it that is killed at that attempt.</summary>
    private Task KilledAsync(Guid id, int attempts) => _clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().ReportJobs.Where(job => job.Id == id).ExecuteUpdateAsync(set => set
        .SetProperty(job => job.State, ReportJobState.Running).SetProperty(job => job.Attempts, attempts).SetProperty(job => job.LeasedUntil, DateTimeOffset.UnixEpoch)
        .SetProperty(job => job.StartedAt, DateTimeOffset.UnixEpoch).SetProperty(job => job.CancelRequestedAt, (DateTimeOffset?)null).SetProperty(job => job.EndedAt, (DateTimeOffset?)null).SetProperty(job => job.Problem, (string?)null)));

    private Task<List<MonthClosing>> ClosingsAsync() => _clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().MonthClosings.AsNoTracking().ToListAsync());
}
