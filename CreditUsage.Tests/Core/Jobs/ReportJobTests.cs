using System.Net;
using CreditUsage.Core.Jobs;
using CreditUsage.Core.Paper;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CreditUsage.Tests.Core.Jobs;

/// <summary>Reports in the background: asked for once, made once, fairly, and told truly.</summary>
public sealed class ReportJobTests
{
    [Fact]
    public async Task A_long_month_is_made_in_the_background_and_a_short_one_at_once()
    {
        await using var site = await JobSite.StartAsync(paper: true);
        var id = await site.SaveAsync();
        var job = await site.UntilAsync(id, ReportJobState.Done, ReportJobState.Failed);

        Assert.Equal((ReportJobState.Done, 3, 3, 1, null), (job.State, job.Rows, job.RowsDone, job.Attempts, job.LeasedUntil));
        var page = await site.Visitor.PageAsync($"/usage-report/jobs/{id}");
        using var opened = await site.Visitor.GetAsync(page.QuerySelector("#job-state a.btn-success")!.GetAttribute("href")!);
        Assert.Equal($"/saved-reports/{job.SavedReportId}", opened.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.StartsWith("%PDF", await opened.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["Asked for in the background: PDF, ?year=2026&month=10&sessions=true&topUps=true", "PDF of connected sessions and daily top-ups"],
            (await site.Site.AuditAsync(site.Clinic)).Where(entry => entry.StartsWith("Save", StringComparison.Ordinal)).Select(entry => entry.Split(" | ")[2]).Select((detail, n) => n == 0 ? detail : detail.Split(',')[0]));

        using var read = await site.Visitor.GetAsync($"/usage-report/pdf{JobSite.October}");
        Assert.Equal("application/pdf", read.Content.Headers.ContentType!.MediaType);
        using var small = await site.Visitor.PostAsync("/usage-report", "/usage-report/pdf?year=2026&month=9&sessions=true");
        Assert.Equal((HttpStatusCode.OK, "application/pdf"), (small.StatusCode, small.Content.Headers.ContentType!.MediaType));
        Assert.Single(await site.JobsAsync());
    }

    [Fact]
    public async Task Asked_ten_times_at_once_it_is_one_job_and_asked_again_later_the_report_that_is_kept()
    {
        await using var site = await JobSite.StartAsync();
        var gate = site.Engine.Close();
        var asked = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => site.QueueAsync(site.Clinic, 10)));
        var job = Assert.Single(asked.Select(one => one.Id).Distinct());
        Assert.Equal(job, await site.SaveAsync());
        gate.SetResult();
        var first = await site.UntilAsync(job, ReportJobState.Done);

        var second = await site.UntilAsync(await site.SaveAsync(), ReportJobState.Done);
        Assert.NotEqual(job, second.Id);
        Assert.Equal((first.SavedReportId, 1), (second.SavedReportId, await site.SavedAsync(site.Clinic)));
    }

    [Fact]
    public async Task Twenty_of_two_clinics_are_begun_in_turns_and_the_twenty_first_is_told_to_wait()
    {
        await using var site = await JobSite.StartAsync();
        var other = await site.ClinicAsync("other@jobs.example");
        var gate = site.Engine.Close();
        foreach (var clinic in new[] { other, site.Clinic })
            for (var month = 1; month <= 10; month++)
                await site.QueueAsync(clinic, month);

        using var refused = await site.Visitor.PostAsync("/usage-report", "/usage-report/pdf?year=2026&month=10&sessions=true");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromMinutes(1)), (refused.StatusCode, refused.Headers.RetryAfter!.Delta));
        Assert.Contains("20 reports are already waiting or in progress", (await Visitor.ReadAsync(refused)).QuerySelector("[data-problem]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(20, (await site.JobsAsync()).Count);
        // One that waits already is answered all the same.
        Assert.Contains(await site.SaveAsync(), (await site.JobsAsync()).Select(job => job.Id));
        using var places = await site.Visitor.GetAsync("/usage-report/jobs");
        Assert.Equal(HttpStatusCode.OK, places.StatusCode);

        gate.SetResult();
        await Wait.UntilAsync(async () => (await site.JobsAsync()).TrueForAll(job => job.State == ReportJobState.Done));
        Assert.Equal(Enumerable.Range(0, 20).Select(turn => turn % 2 == 0 ? other : site.Clinic), (await site.JobsAsync()).Select(job => job.SubscriptionId));
    }

    [Fact]
    public async Task What_is_being_made_says_how_far_it_is_and_what_waits_says_its_place()
    {
        await using var site = await JobSite.StartAsync();
        var gate = site.Engine.Close();
        site.Engine.Before = (_, rows, cancellation) =>
        {
            rows?.Report(2);
            return gate.Task.WaitAsync(cancellation);
        };
        var (running, next, last) = (await site.QueueAsync(site.Clinic, 10), await site.QueueAsync(site.Clinic, 9), await site.QueueAsync(site.Clinic, 8));
        await Wait.UntilAsync(async () => (await site.JobAsync(running.Id)).RowsDone == 2);

        var page = await site.Visitor.PageAsync($"/usage-report/jobs/{running.Id}");
        Assert.Contains("2 of 3 rows", page.QuerySelector("#job-state")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(("2", "3", "every 1s"), (page.QuerySelector("progress")!.GetAttribute("value"), page.QuerySelector("progress")!.GetAttribute("max"), page.QuerySelector("#job-state")!.GetAttribute("hx-trigger")));
        using var fragment = await site.Visitor.GetFragmentAsync($"/usage-report/jobs/{running.Id}");
        Assert.StartsWith("<section id=\"job-state\"", (await fragment.Content.ReadAsStringAsync()).TrimStart(), StringComparison.Ordinal);
        Assert.Contains("Next in the queue", (await site.Visitor.PageAsync($"/usage-report/jobs/{next.Id}")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Number 2 in the queue", (await site.Visitor.PageAsync($"/usage-report/jobs/{last.Id}")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Reports in progress (3)", (await site.Visitor.PageAsync("/usage-report")).Body!.TextContent, StringComparison.Ordinal);
        gate.SetResult();
        await site.UntilAsync(last.Id, ReportJobState.Done);
        Assert.Null((await site.Visitor.PageAsync($"/usage-report/jobs/{running.Id}")).QuerySelector("#job-state")!.GetAttribute("hx-get"));
    }

    [Fact]
    public async Task Of_a_batch_each_month_is_one_job_and_what_is_wrong_with_it_is_said()
    {
        await using var site = await JobSite.StartAsync();
        async Task<(HttpStatusCode, string)> AskAsync(string from, string to, string kind = "sessions")
        {
            using var answer = await site.Visitor.PostAsync("/usage-report/jobs", "/usage-report/jobs", new Dictionary<string, string> { ["from"] = from, ["to"] = to, [kind] = "true" });
            return (answer.StatusCode, string.Join(' ', (await Visitor.ReadAsync(answer)).QuerySelectorAll("[data-problem]").Select(problem => problem.TextContent)));
        }

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "Select connected sessions, daily top-ups or both."), await AskAsync("2026-08", "2026-10", "none"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "The last month is before the first. Choose a later one."), await AskAsync("2026-10", "2026-08"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "Choose a month from January 2026 to November 2026."), await AskAsync("x", "2026-08"));
        Assert.Empty(await site.JobsAsync());
        Assert.Equal((HttpStatusCode.SeeOther, ""), await AskAsync("2026-08", "2026-10"));
        await Wait.UntilAsync(async () => (await site.JobsAsync()).TrueForAll(job => job.State == ReportJobState.Done));
        var jobs = await site.JobsAsync();
        Assert.Equal(["2026-08", "2026-09", "2026-10"], jobs.Select(job => job.Month.ToString()).Order());
        Assert.NotNull(Assert.Single(jobs.Select(job => job.BatchId).Distinct()));
        Assert.Equal(3, (await site.Visitor.PageAsync("/usage-report/jobs")).QuerySelectorAll("tr[data-state=Done] td.file a").Length);
    }

    [Fact]
    public async Task A_batch_that_has_no_room_is_refused_whole()
    {
        await using var site = await JobSite.StartAsync();
        site.Engine.Close();
        for (var month = 1; month <= 11; month++) await site.QueueAsync(site.Clinic, month);
        using var answer = await site.Visitor.PostAsync("/usage-report/jobs", "/usage-report/jobs", new Dictionary<string, string> { ["from"] = "2026-01", ["to"] = "2026-10", ["topUps"] = "true" });
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 11), (answer.StatusCode, (await site.JobsAsync()).Count));
        var page = await Visitor.ReadAsync(answer);
        Assert.Equal("You asked for 10 reports, but only 9 more can wait. Choose fewer months, or try again in a few minutes.", page.QuerySelector("[data-problem]")!.TextContent);
        Assert.Equal(("2026-01", false), (page.QuerySelector("#from option[selected]")!.GetAttribute("value"), page.QuerySelector("#sessions")!.HasAttribute("checked")));
    }

    [Fact]
    public async Task Cancelled_while_it_waits_or_is_made_it_keeps_nothing_and_can_be_asked_for_again()
    {
        await using var site = await JobSite.StartAsync();
        var gate = site.Engine.Close();
        var (running, waiting) = (await site.QueueAsync(site.Clinic, 10), await site.QueueAsync(site.Clinic, 9));
        await site.UntilAsync(running.Id, ReportJobState.Running);
        foreach (var id in new[] { waiting.Id, running.Id })
        {
            using var answer = await site.Visitor.PostAsync($"/usage-report/jobs/{id}", $"/usage-report/jobs/{id}/cancel");
            Assert.Equal((HttpStatusCode.SeeOther, $"/usage-report/jobs/{id}"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
            Assert.NotNull((await site.UntilAsync(id, ReportJobState.Cancelled)).EndedAt);
        }
        Assert.Equal((0, 0), (site.Files.Count, await site.SavedAsync(site.Clinic)));
        Assert.Equal(2, (await site.Site.AuditAsync(site.Clinic)).Count(entry => entry.Contains("Cancelled in the background", StringComparison.Ordinal)));

        gate.SetResult();
        using var again = await site.Visitor.PostAsync($"/usage-report/jobs/{running.Id}", $"/usage-report/jobs/{running.Id}/again");
        await site.UntilAsync(Guid.Parse(again.Headers.Location!.OriginalString["/usage-report/jobs/".Length..]), ReportJobState.Done);
        Assert.Equal(1, await site.SavedAsync(site.Clinic));
    }

    [Fact]
    public async Task Cancelled_through_another_process_it_ends_at_its_next_heartbeat()
    {
        await using var site = await JobSite.StartAsync();
        site.Engine.Close();
        var job = await site.QueueAsync(site.Clinic, 10);
        await site.UntilAsync(job.Id, ReportJobState.Running);
        await site.ChangeAsync("UPDATE ReportJobs SET CancelRequestedAt = 1");
        await site.UntilAsync(job.Id, ReportJobState.Cancelled);
    }

    [Fact]
    public async Task One_that_fails_says_why_and_one_that_breaks_is_begun_twice_and_the_others_go_on()
    {
        await using var site = await JobSite.StartAsync();
        site.Engine.Before = (source, _, _) => source.Title switch
        {
            "Credit Usage Report 2026-10" => throw new PdfException("The disk is full of paper. Use Print."),
            "Credit Usage Report 2026-09" => throw new InvalidOperationException("Poison"),
            _ => Task.CompletedTask,
        };
        var (failing, poison, sound) = (await site.QueueAsync(site.Clinic, 10), await site.QueueAsync(site.Clinic, 9), await site.QueueAsync(site.Clinic, 8));
        await site.UntilAsync(sound.Id, ReportJobState.Done);
        var failed = await site.UntilAsync(failing.Id, ReportJobState.Failed);
        var poisoned = await site.UntilAsync(poison.Id, ReportJobState.Failed);
        Assert.Equal((1, "The disk is full of paper. Use Print."), (failed.Attempts, failed.Problem));
        Assert.Equal(2, poisoned.Attempts);
        Assert.Contains($"this reference: {poison.Id}", poisoned.Problem!, StringComparison.Ordinal);
        Assert.DoesNotContain("Poison", poisoned.Problem!, StringComparison.Ordinal);
        var page = await site.Visitor.PageAsync($"/usage-report/jobs/{failing.Id}");
        Assert.Equal(("The disk is full of paper. Use Print.", "Try again"), (page.QuerySelector("[data-problem]")!.TextContent, page.QuerySelector("#try-again")!.TextContent));
        Assert.Equal(2, (await site.Site.AuditAsync(site.Clinic)).Count(entry => entry.Contains("Failed in the background", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_that_took_too_long_is_tried_once_more()
    {
        await using var site = await JobSite.StartAsync();
        var begun = 0;
        site.Engine.Before = (_, _, _) => Interlocked.Increment(ref begun) == 1 ? throw new PdfException("The PDF was given up.", new OperationCanceledException()) : Task.CompletedTask;
        var job = await site.UntilAsync((await site.QueueAsync(site.Clinic, 10)).Id, ReportJobState.Done, ReportJobState.Failed);
        Assert.Equal((ReportJobState.Done, 2), (job.State, job.Attempts));
    }

    // A server does not let a clinic go whose job is there.
    [Fact]
    [Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
    public async Task The_job_of_a_clinic_that_is_gone_fails_alone()
    {
        await using var site = await JobSite.StartAsync();
        var gone = await site.Site.SubscriptionAsync("Gone", new DateOnly(2026, 1, 1));
        var gate = site.Engine.Close();
        var first = await site.QueueAsync(site.Clinic, 10);
        await site.UntilAsync(first.Id, ReportJobState.Running);
        var (orphan, after) = (await site.QueueAsync(gone, 10), await site.QueueAsync(site.Clinic, 9));
        await site.ChangeAsync($"DELETE FROM Subscriptions WHERE Id = {gone}");
        gate.SetResult();
        Assert.Equal(ReportJobState.Done, (await site.UntilAsync(after.Id, ReportJobState.Done)).State);
        Assert.Equal(2, (await site.UntilAsync(orphan.Id, ReportJobState.Failed)).Attempts);
    }

    [Fact]
    public async Task One_whose_process_was_killed_is_made_again_as_often_as_that_happens()
    {
        await using var site = await JobSite.StartAsync();
        var gate = site.Engine.Close();
        var blocking = await site.QueueAsync(site.Clinic, 9);
        await site.UntilAsync(blocking.Id, ReportJobState.Running);
        var (once, twice, leased) = (await site.QueueAsync(site.Clinic, 10), await site.QueueAsync(site.Clinic, 8), await site.QueueAsync(site.Clinic, 7));
        await site.ChangeAsync($"UPDATE ReportJobs SET State = {(int)ReportJobState.Running}, Attempts = 1, StartedAt = 1, LeasedUntil = 2 WHERE Month = {JobSite.Filter(10).Month.Number}");
        await site.ChangeAsync($"UPDATE ReportJobs SET State = {(int)ReportJobState.Running}, Attempts = 2, StartedAt = 1, LeasedUntil = 2 WHERE Month = {JobSite.Filter(8).Month.Number}");
        await site.ChangeAsync($"UPDATE ReportJobs SET State = {(int)ReportJobState.Running}, Attempts = 1, StartedAt = 1, LeasedUntil = {site.Site.Clock.GetUtcNow().AddMinutes(1).ToUnixTimeMilliseconds()} WHERE Month = {JobSite.Filter(7).Month.Number}");
        await site.LookAsync();
        // The job engine may be looking at the same time and be the one that gives them back.
        await site.UntilAsync(twice.Id, ReportJobState.Queued);
        await site.UntilAsync(once.Id, ReportJobState.Queued);
        Assert.Equal(ReportJobState.Running, (await site.JobAsync(leased.Id)).State);

        gate.SetResult();
        // Another process is believed to make one of them, and only one is made at a time, until its lease is over.
        await site.UntilAsync(blocking.Id, ReportJobState.Done);
        site.Site.Clock.Advance(TimeSpan.FromMinutes(2));
        await site.LookAsync();
        var made = await site.UntilAsync(once.Id, ReportJobState.Done);
        Assert.Equal((2, 0, ReportJobState.Done), (made.Attempts, made.Failures, (await site.UntilAsync(leased.Id, ReportJobState.Done)).State));
        Assert.Equal((3, 0), ((await site.UntilAsync(twice.Id, ReportJobState.Done)).Attempts, (await site.JobAsync(twice.Id)).Failures));
    }

    [Fact]
    public async Task One_that_was_saved_before_its_process_could_say_so_is_done_with_that_report()
    {
        await using var site = await JobSite.StartAsync();
        var gate = site.Engine.Close();
        var job = await site.QueueAsync(site.Clinic, 10);
        await site.UntilAsync(job.Id, ReportJobState.Running);
        await site.Site.InAsync(site.Clinic, services => services.GetRequiredService<CancelJob>().RunAsync(job.Id, CancellationToken.None).ContinueWith(_ => 0, TaskScheduler.Default));
        await site.UntilAsync(job.Id, ReportJobState.Cancelled);
        gate.SetResult();
        var saved = await site.Site.InAsync(site.Clinic, services => services.GetRequiredService<SaveReport>().RunAsync(new(JobSite.Filter(10)), JobSite.Finance, rowsDone: null, CancellationToken.None));
        await site.ChangeAsync($"UPDATE ReportJobs SET State = {(int)ReportJobState.Running}, Attempts = 2, LeasedUntil = 2, CancelRequestedAt = NULL, EndedAt = NULL");
        await site.LookAsync();
        var done = await site.UntilAsync(job.Id, ReportJobState.Done);
        Assert.Equal((ReportJobState.Done, saved.Id, 2, 1), (done.State, done.SavedReportId, done.Attempts, await site.SavedAsync(site.Clinic)));
    }

    [Fact]
    public async Task When_the_site_stops_what_is_being_made_goes_back_into_the_queue_and_counts_no_failure()
    {
        await using var site = await JobSite.StartAsync();
        site.Engine.Close();
        var job = await site.QueueAsync(site.Clinic, 10);
        await site.UntilAsync(job.Id, ReportJobState.Running);
        site.Site.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        // Not through the site, which is gone as soon as it has stopped.
        await Wait.UntilAsync(async () => await site.ReadAsync("SELECT State FROM ReportJobs") == ((int)ReportJobState.Queued).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(("0", ""), (await site.ReadAsync("SELECT Failures FROM ReportJobs"), await site.ReadAsync("SELECT LeasedUntil FROM ReportJobs")));
    }

    [Fact]
    public async Task Another_clinics_job_is_not_found_and_an_auditor_looks_only()
    {
        await using var site = await JobSite.StartAsync();
        site.Engine.Close();
        await site.ClinicAsync("other@jobs.example");
        await site.Site.UserAsync(site.Clinic, "auditor@jobs.example", Roles.Auditor);
        var id = await site.SaveAsync();
        using var other = await Visitor.SignedInAsync(site.Site, "other@jobs.example");
        using var read = await other.GetAsync($"/usage-report/jobs/{id}");
        using var cancelled = await other.PostAsync("/usage-report/jobs", $"/usage-report/jobs/{id}/cancel");
        using var repeated = await other.PostAsync("/usage-report/jobs", $"/usage-report/jobs/{id}/again");
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound], [read.StatusCode, cancelled.StatusCode, repeated.StatusCode]);
        Assert.Empty((await other.PageAsync("/usage-report/jobs")).QuerySelectorAll("tr[data-report-job]"));

        using var auditor = await Visitor.SignedInAsync(site.Site, "auditor@jobs.example");
        Assert.Empty((await auditor.PageAsync($"/usage-report/jobs/{id}")).QuerySelectorAll("main form"));
        Assert.Empty((await auditor.PageAsync("/usage-report/jobs")).QuerySelectorAll("main form"));
        Assert.Single((await auditor.PageAsync("/usage-report/jobs")).QuerySelectorAll("tr[data-report-job]"));
    }
}
