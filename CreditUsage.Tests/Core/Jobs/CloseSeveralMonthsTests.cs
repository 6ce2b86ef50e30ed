using System.Net;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Jobs;

/// <summary>Close up to: five months and more are closed in the background, one after the other. The clinic has ten, January to October 2026.</summary>
public sealed class CloseSeveralMonthsTests : IAsyncLifetime
{
    private const string Note = "There is no proof in this test";

    private JobSite _jobs = null!;

    public async Task InitializeAsync() => _jobs = await JobSite.StartAsync();

    public Task DisposeAsync() => _jobs.DisposeAsync().AsTask();

    [Fact]
    public async Task All_are_closed_in_order_with_their_number_shown_meanwhile()
    {
        var gate = HoldAt(4);
        var id = await AskAsync("2026-10");
        await Wait.UntilAsync(async () => (await ClosingsAsync()).Count == 3);
        var page = await _jobs.Visitor.PageAsync($"/usage-report/jobs/{id}");
        Assert.Equal(("Closing of January 2026 to October 2026", "Being closed"), (page.QuerySelector("h1")!.TextContent, page.QuerySelector("#state-heading")!.TextContent));
        Assert.Equal("3 of 10 months closed; April 2026 is being closed", page.QuerySelector("[data-months-closed='3'] span")!.TextContent);
        Assert.Equal($"/usage-report/jobs/{id}", (await _jobs.Visitor.PageAsync("/months")).QuerySelector("[data-under-way] a")!.GetAttribute("href"));
        Assert.Equal($"/usage-report/jobs/{id}", (await _jobs.Visitor.PageAsync("/months/2026-07")).QuerySelector("[data-being-closed] a")!.GetAttribute("href"));
        Assert.Equal(id, await AskAsync("2026-10"));

        gate.SetResult();
        var job = await _jobs.UntilAsync(id, ReportJobState.Done, ReportJobState.Failed);

        var closings = await ClosingsAsync();
        Assert.Equal(Enumerable.Range(1, 10).Select(month => new UsageMonth(2026, month)), closings.Select(closing => closing.Month));
        Assert.All(closings, closing => Assert.Equal((1, JobSite.Finance, Note), (closing.Version, closing.ClosedBy, closing.Note)));
        // One row in September and three in October.
        Assert.Equal((4, 4, closings[^1].SavedReportId), (job.Rows, job.RowsDone, job.SavedReportId));
        Assert.Equal("10 of 10 months closed", (await _jobs.Visitor.PageAsync($"/usage-report/jobs/{id}")).QuerySelector("[data-months-closed='10'] span")!.TextContent);
        Assert.Equal("Close | October 2026 | Asked for in the background: closing of January 2026 to October 2026", (await _jobs.Site.AuditAsync(_jobs.Clinic)).First(entry => entry.StartsWith("Close", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Four_are_closed_at_once()
    {
        using var answer = await PostAsync("2026-04", Note);
        Assert.Equal("4 months closed.", (await Visitor.ReadAsync(answer)).QuerySelector("[role=status].alert-success")!.TextContent);
        Assert.Equal((4, 0), ((await ClosingsAsync()).Count, (await _jobs.JobsAsync()).Count));
    }

    [Fact]
    public async Task All_27_can_be_asked_for_at_once()
    {
        var clinic = await _jobs.Site.SubscriptionAsync("Old Clinic", new DateOnly(2024, 8, 1));
        await _jobs.Site.UserAsync(clinic, "finance@old.example", Roles.FinanceAdministrator);
        using var visitor = await Visitor.SignedInAsync(_jobs.Site, "finance@old.example");
        using var answer = await visitor.PostAsync("/months", "/months", Fields("2026-10", Note));

        await _jobs.UntilAsync(IdOf(answer), ReportJobState.Done, ReportJobState.Failed);

        Assert.Equal(27, await _jobs.Site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().MonthClosings.CountAsync(closing => closing.ReopenedAt == null)));
    }

    [Fact]
    public async Task The_first_that_cannot_be_closed_is_named_and_those_before_it_stay_closed()
    {
        // A session in June without a cost, and no price.
        await _jobs.Site.ImportRowsAsync(_jobs.Clinic, CsvRow.Session("J1", "2026-06-01T09:30:00Z"));
        var id = await AskAsync("2026-10");

        var failed = await _jobs.UntilAsync(id, ReportJobState.Failed, ReportJobState.Done);

        Assert.Equal("June 2026 was not closed: 1 event has no cost, because no price is set for their day. Set the price. 5 of 10 months are closed.", failed.Problem);
        Assert.Equal(5, (await ClosingsAsync()).Count);
        Assert.Equal(failed.Problem, (await _jobs.Visitor.PageAsync($"/usage-report/jobs/{id}")).QuerySelector("[data-problem]")!.TextContent);

        await _jobs.Site.PriceAsync(_jobs.Clinic, new DateOnly(2026, 6, 1), 450_000);
        using var again = await _jobs.Visitor.PostAsync($"/usage-report/jobs/{id}", $"/usage-report/jobs/{id}/again");
        await _jobs.UntilAsync(IdOf(again), ReportJobState.Done, ReportJobState.Failed);
        Assert.Equal(10, (await ClosingsAsync()).Count);
    }

    [Fact]
    public async Task Where_the_first_cannot_be_closed_it_is_said_at_once_and_nothing_is_queued()
    {
        using var answer = await PostAsync("2026-10", "");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("January 2026: ", (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(await _jobs.JobsAsync());
    }

    [Fact]
    public async Task An_engine_that_fails_is_said_with_its_month()
    {
        var pages = 0;
        _jobs.Engine.Before = (_, _, _) => ++pages == 3 ? throw new PdfException("The disk is full of paper.") : Task.CompletedTask;
        Assert.Equal("March 2026 was not closed: The disk is full of paper. 2 of 10 months are closed.", (await _jobs.UntilAsync(await AskAsync("2026-10"), ReportJobState.Failed, ReportJobState.Done)).Problem);
    }

    [Fact]
    public async Task Cancelled_it_keeps_what_is_closed_and_goes_on_from_there_when_asked_again()
    {
        var gate = HoldAt(4);
        var id = await AskAsync("2026-10");
        await Wait.UntilAsync(async () => (await ClosingsAsync()).Count == 3);

        using (await _jobs.Visitor.PostAsync($"/usage-report/jobs/{id}", $"/usage-report/jobs/{id}/cancel")) await _jobs.UntilAsync(id, ReportJobState.Cancelled);

        var page = await _jobs.Visitor.PageAsync($"/usage-report/jobs/{id}");
        Assert.Contains("Closed months stay closed; the others stay open.", page.QuerySelector("#job-state")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector("[data-months-closed='3']"));
        Assert.Equal(3, (await ClosingsAsync()).Count);
        gate.SetResult();
        using var again = await _jobs.Visitor.PostAsync($"/usage-report/jobs/{id}", $"/usage-report/jobs/{id}/again");
        await _jobs.UntilAsync(IdOf(again), ReportJobState.Done, ReportJobState.Failed);
        Assert.Equal(10, (await ClosingsAsync()).Count);
    }

    [Fact]
    public async Task One_whose_process_was_killed_goes_on_after_the_months_that_it_closed()
    {
        var gate = HoldAt(4);
        var id = await AskAsync("2026-10");
        await Wait.UntilAsync(async () => (await ClosingsAsync()).Count == 3);
        using (await _jobs.Visitor.PostAsync($"/usage-report/jobs/{id}", $"/usage-report/jobs/{id}/cancel")) await _jobs.UntilAsync(id, ReportJobState.Cancelled);
        gate.SetResult();
        // As a process leaves it that is killed in April.
        await _jobs.ChangeAsync($"UPDATE ReportJobs SET State = {(int)ReportJobState.Running}, LeasedUntil = 0, CancelRequestedAt = NULL, EndedAt = NULL WHERE Closes");

        await _jobs.LookAsync();

        var job = await _jobs.UntilAsync(id, ReportJobState.Done, ReportJobState.Failed);
        Assert.Equal((ReportJobState.Done, 2), (job.State, job.Attempts));
        Assert.Equal(Enumerable.Range(1, 10), (await ClosingsAsync()).Select(closing => closing.Month.Month));
    }

    /// <summary>Holds the report of the month of that number until the answer is set.</summary>
    private TaskCompletionSource HoldAt(int month)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reports = 0;
        _jobs.Engine.Before = (_, _, cancellation) => ++reports >= month ? gate.Task.WaitAsync(cancellation) : Task.CompletedTask;
        return gate;
    }

    private async Task<Guid> AskAsync(string upTo)
    {
        using var answer = await PostAsync(upTo, Note);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return IdOf(answer);
    }

    private Task<HttpResponseMessage> PostAsync(string upTo, string note) => _jobs.Visitor.PostAsync("/months", "/months", Fields(upTo, note));

    private static Dictionary<string, string> Fields(string upTo, string note) => new() { ["upTo"] = upTo, ["note"] = note };

    private static Guid IdOf(HttpResponseMessage answer) => Guid.Parse(answer.Headers.Location!.OriginalString["/usage-report/jobs/".Length..]);

    /// <summary>In the order in which they were made.</summary>
    private Task<List<MonthClosing>> ClosingsAsync() => _jobs.Site.InAsync(_jobs.Clinic, services => services.GetRequiredService<CreditUsageDb>().MonthClosings.AsNoTracking().OrderBy(closing => closing.Id).ToListAsync());
}
