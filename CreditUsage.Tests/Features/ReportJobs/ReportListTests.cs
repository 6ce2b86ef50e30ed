using AngleSharp.Dom;
using CreditUsage.Core.Jobs;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Tests.Core.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.ReportJobs;

/// <summary>The list of what is made in the background, and that of saved reports: a page at a time.</summary>
public sealed class ReportListTests
{
    [Fact]
    public async Task The_list_follows_what_is_being_made_and_stops_when_that_has_ended()
    {
        await using var site = await JobSite.StartAsync();
        var gate = site.Engine.Close();
        var id = await site.SaveAsync();
        await site.UntilAsync(id, ReportJobState.Running);
        var rows = (await site.Visitor.PageAsync("/usage-report/jobs")).QuerySelector("#job-rows")!;
        Assert.Equal(("/usage-report/jobs", "every 2s", "outerHTML"), (rows.GetAttribute("hx-get"), rows.GetAttribute("hx-trigger"), rows.GetAttribute("hx-swap")));
        gate.SetResult();
        await site.UntilAsync(id, ReportJobState.Done);
        using var fragment = await site.Visitor.GetFragmentAsync("/usage-report/jobs");
        var html = (await fragment.Content.ReadAsStringAsync()).Trim();
        Assert.StartsWith("<tbody id=\"job-rows\">", html, StringComparison.Ordinal);
        Assert.EndsWith("</tbody>", html, StringComparison.Ordinal);
        Assert.Contains("data-state=\"Done\"", html, StringComparison.Ordinal);
        Assert.Contains("HX-Request", fragment.Headers.Vary);
    }

    [Fact]
    public async Task The_newest_fifty_jobs_are_listed_and_older_ones_are_a_link_away()
    {
        await using var site = await JobSite.StartAsync();
        await EndedAsync(site, Enumerable.Range(1, 51).Select(days => TimeSpan.FromDays(days)));
        var (first, second) = (await site.Visitor.PageAsync("/usage-report/jobs"), await site.Visitor.PageAsync("/usage-report/jobs?page=2"));
        Assert.Equal((50, 1), (first.QuerySelectorAll("tr[data-report-job]").Length, second.QuerySelectorAll("tr[data-report-job]").Length));
        Assert.Equal(("/usage-report/jobs?page=2", "/usage-report/jobs"), (first.QuerySelector("a[rel=next]")!.GetAttribute("href"), second.QuerySelector("a[rel=prev]")!.GetAttribute("href")));
        Assert.Null(second.QuerySelector("a[rel=next]"));
        foreach (var none in new[] { "0", "-1", "x", "99999999999" })
            Assert.Equal(50, (await site.Visitor.PageAsync($"/usage-report/jobs?page={none}")).QuerySelectorAll("tr[data-report-job]").Length);
    }

    [Fact]
    public async Task What_ended_more_than_ninety_days_ago_is_forgotten_in_every_clinic()
    {
        await using var site = await JobSite.StartAsync();
        var other = await site.ClinicAsync("other@jobs.example");
        await EndedAsync(site, [TimeSpan.FromDays(91), TimeSpan.FromDays(89)]);
        await EndedAsync(site, [TimeSpan.FromDays(91)], other);
        site.Engine.Close();
        var waiting = await site.QueueAsync(site.Clinic, 10);
        await site.ChangeAsync("UPDATE ReportJobs SET RequestedAt = 1 WHERE EndedAt IS NULL");
        await using (var scope = site.Site.Services.CreateAsyncScope())
            Assert.Equal(2, await scope.ServiceProvider.GetRequiredService<PurgeOldJobs>().RunAsync(CancellationToken.None));
        var left = await site.JobsAsync();
        Assert.Equal(2, left.Count);
        Assert.Contains(left, job => job.Id == waiting.Id);
        Assert.Contains(left, job => site.Site.Clock.GetUtcNow() - job.EndedAt < TimeSpan.FromDays(90));
    }

    [Fact]
    public async Task Saved_reports_are_a_hundred_to_a_page_and_a_draft_knows_what_superseded_it_on_another()
    {
        await using var site = await JobSite.StartAsync();
        await site.Site.InAsync(site.Clinic, services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            db.AddRange(Enumerable.Range(1, 101).Select(number => Draft(site.Clinic, number, site.Site.Clock.GetUtcNow().AddDays(number - 200))));
            return db.SaveChangesAsync();
        });
        var (first, second) = (await site.Visitor.PageAsync("/saved-reports"), await site.Visitor.PageAsync("/saved-reports?page=2"));
        Assert.Equal(Enumerable.Range(2, 100).Reverse(), Numbers(first));
        Assert.Equal([1], Numbers(second));
        Assert.Contains("superseded by draft 101", second.QuerySelector("[data-report-number='1']")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("superseded", first.QuerySelector("[data-report-number='101']")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(("/saved-reports?page=2", "/saved-reports"), (first.QuerySelector("a[rel=next]")!.GetAttribute("href"), second.QuerySelector("a[rel=prev]")!.GetAttribute("href")));
        Assert.Null((await site.Visitor.PageAsync("/saved-reports?page=3")).QuerySelector("table"));
    }

    private static IEnumerable<int> Numbers(IParentNode page) => page.QuerySelectorAll("[data-report-number]").Select(cell => int.Parse(cell.GetAttribute("data-report-number")!, System.Globalization.CultureInfo.InvariantCulture));

    private static Task EndedAsync(JobSite site, IEnumerable<TimeSpan> ago, int? clinic = null) => site.Site.InAsync(clinic ?? site.Clinic, services =>
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        var now = site.Site.Clock.GetUtcNow();
        db.AddRange(ago.Select(age => new ReportJob
        {
            Id = Guid.NewGuid(),
            SubscriptionId = clinic ?? site.Clinic,
            Form = ReportType.Month,
            Month = new UsageMonth(2026, 9),
            Request = "?year=2026&month=9&sessions=true",
            RequestedBy = JobSite.Finance,
            RequestedAt = now - age,
            EndedAt = now - age,
            State = ReportJobState.Cancelled,
        }));
        return db.SaveChangesAsync();
    });

    private static SavedReport Draft(int clinic, int number, DateTimeOffset at) => new()
    {
        Id = Guid.NewGuid(),
        SubscriptionId = clinic,
        Number = number,
        Version = number,
        Draft = true,
        Form = ReportType.Month,
        Variant = "",
        ContentSha256 = number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture),
        MadeWith = "the test",
        MonthStart = new DateOnly(2026, 9, 1),
        Sessions = true,
        TopUps = true,
        Events = 0,
        Credits = 0,
        CostPence = 0,
        FileName = "draft.pdf",
        Pages = 1,
        SizeBytes = 1,
        Sha256 = number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture),
        SavedBy = "the test",
        SavedAt = at,
    };
}
