using System.Net;
using CreditUsage.Domain.Reports;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Core.Jobs;

/// <summary>Engines that really run: pages do not wait for them, and none outlives its cancelled job.</summary>
public sealed class RunningEngineTests
{
    [Fact]
    public async Task Pages_answer_while_reports_are_made_and_cancel_ends_the_programs()
    {
        using var engine = new FakeEngine();
        engine.Do("sleep SLEEP");
        await using var site = await JobSite.StartAsync(engine.Program);
        var job = await site.SaveAsync();
        await Wait.UntilAsync(() =>
        {
            // Nothing else moves the clock meanwhile, by which the job engine waits for its next turn.
            site.Site.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return Programs.Under(site.Site.DataPath).Count > 0;
        });

        foreach (var path in new[] { "/usage-report", $"/usage-report{JobSite.October}", "/usage-report/jobs", $"/usage-report/jobs/{job}", "/saved-reports" })
        {
            using var answer = await site.Visitor.GetAsync(path);
            // The engine would have gone on for longer than anybody waits for a page.
            Assert.Equal((path, HttpStatusCode.OK, ReportJobState.Running), (path, answer.StatusCode, (await site.JobAsync(job)).State));
        }

        using var cancelled = await site.Visitor.PostAsync($"/usage-report/jobs/{job}", $"/usage-report/jobs/{job}/cancel");
        await site.UntilAsync(job, ReportJobState.Cancelled);
        await Wait.UntilAsync(() => Programs.Under(site.Site.DataPath).Count == 0);
        Assert.Equal((0, 0), (site.Files.Count, Directory.GetFileSystemEntries(Path.Combine(site.Site.DataPath, "pdf-jobs")).Length));
    }
}
