using System.Net;
using AngleSharp.Html.Dom;
using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Core.Jobs;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Shared;

/// <summary>What runs is in the header of every page until it has been looked at.</summary>
public sealed class RunningWorkTests
{
    private const HttpStatusCode StopPolling = (HttpStatusCode)286;

    [Fact]
    public async Task A_running_report_is_on_every_page_until_whoever_asked_for_it_has_looked()
    {
        await using var site = await JobSite.StartAsync();
        await site.Site.UserAsync(site.Clinic, "auditor@jobs.example", Roles.Auditor);
        await site.ClinicAsync("other@jobs.example");
        using var auditor = await Visitor.SignedInAsync(site.Site, "auditor@jobs.example");
        using var other = await Visitor.SignedInAsync(site.Site, "other@jobs.example");
        var gate = site.Engine.Close();
        var id = await site.SaveAsync();
        await site.UntilAsync(id, ReportJobState.Running);

        var page = await site.Visitor.PageAsync("/credits");
        Assert.Equal([("running", "PDF of October 2026: 0 of 3 rows", $"/usage-report/jobs/{id}")], Shown(page));
        Assert.Equal("/running-work", page.QuerySelector("#running-work")!.GetAttribute("hx-get"));
        Assert.Single(Shown(await auditor.PageAsync("/credits")));
        Assert.Empty(Shown(await other.PageAsync("/credits")));
        using var polled = await site.Visitor.GetFragmentAsync("/running-work");
        Assert.Equal(HttpStatusCode.OK, polled.StatusCode);

        gate.SetResult();
        await site.UntilAsync(id, ReportJobState.Done);
        using var last = await site.Visitor.GetFragmentAsync("/running-work");
        Assert.Equal((StopPolling, "ended", "PDF of October 2026 finished"), (last.StatusCode, Shown(await Visitor.ReadAsync(last))[0].Kind, Shown(await Visitor.ReadAsync(last))[0].Label));
        page = await site.Visitor.PageAsync("/credits");
        Assert.Single(Shown(page));
        Assert.Null(page.QuerySelector("#running-work")!.GetAttribute("hx-get"));
        Assert.Empty(Shown(await auditor.PageAsync("/credits")));

        Assert.Empty(Shown(await site.Visitor.PageAsync($"/usage-report/jobs/{id}")));
        Assert.Empty(Shown(await site.Visitor.PageAsync("/credits")));
    }

    [Fact]
    public async Task Several_are_one_line_and_their_list_shows_them_all()
    {
        await using var site = await JobSite.StartAsync();
        var gate = site.Engine.Close();
        var (first, second) = (await site.QueueAsync(site.Clinic, 9), await site.QueueAsync(site.Clinic, 10));
        await site.UntilAsync(first.Id, ReportJobState.Running);
        var page = await site.Visitor.PageAsync("/credits");
        Assert.Equal("PDF of September 2026: 0 of 1 row", Shown(page).Single().Label);
        Assert.Equal(("/usage-report/jobs", "and 1 more"), (page.QuerySelector(".work-more")!.GetAttribute("href"), page.QuerySelector(".work-more")!.TextContent));

        gate.SetResult();
        await site.UntilAsync(second.Id, ReportJobState.Done);
        Assert.Equal("and 1 more", (await site.Visitor.PageAsync("/credits")).QuerySelector(".work-more")!.TextContent);
        Assert.Empty(Shown(await site.Visitor.PageAsync("/usage-report/jobs")));
        Assert.Empty(Shown(await site.Visitor.PageAsync("/credits")));
    }

    [Fact]
    public async Task An_import_is_shown_again_when_it_goes_on_after_it_was_looked_at()
    {
        await using var site = await JobSite.StartAsync();
        var import = Import(site, UsageImportState.Checked);
        await site.Site.InAsync(site.Clinic, services => AddAsync(services.GetRequiredService<CreditUsageDb>(), import));
        Assert.Equal("Check finished: usage.csv", Shown(await site.Visitor.PageAsync("/credits")).Single().Label);
        (await site.Visitor.GetAsync($"/imports/{import.Id}")).Dispose();
        Assert.Empty(Shown(await site.Visitor.PageAsync("/credits")));

        await site.ChangeAsync("UPDATE UsageImports SET State = 3 WHERE FileName = 'usage.csv'");
        Assert.Equal([("running", "Importing usage.csv", $"/imports/{import.Id}")], Shown(await site.Visitor.PageAsync($"/imports/{import.Id}")));
        await site.ChangeAsync("UPDATE UsageImports SET State = 4 WHERE FileName = 'usage.csv'");
        Assert.Equal([("ended", "Import finished: usage.csv", $"/imports/{import.Id}")], Shown(await site.Visitor.PageAsync("/credits")));
        site.Site.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Single(Shown(await site.Visitor.PageAsync("/credits")));
    }

    [Fact]
    public async Task What_the_header_asks_by_itself_does_not_prolong_the_session()
    {
        await using var site = await JobSite.StartAsync();
        site.Site.Clock.Advance(TimeSpan.FromMinutes(20));
        using var polled = await site.Visitor.GetFragmentAsync("/running-work");
        Assert.Equal(StopPolling, polled.StatusCode);
        site.Site.Clock.Advance(TimeSpan.FromMinutes(20));
        using var ended = await site.Visitor.GetAsync("/credits");
        Assert.StartsWith(Visitor.LoginPath, ended.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    private static async Task<int> AddAsync(CreditUsageDb db, UsageImport import)
    {
        db.Add(import);
        return await db.SaveChangesAsync();
    }

    private static UsageImport Import(JobSite site, UsageImportState state) => new()
    {
        Id = Guid.NewGuid(),
        SubscriptionId = site.Clinic,
        FileName = "usage.csv",
        Sha256 = new string('0', 64),
        SizeBytes = 1,
        UploadedBy = JobSite.Finance,
        UploadedAt = site.Site.Clock.GetUtcNow(),
        State = state,
        Accepted = 1,
    };

    private static IReadOnlyList<(string Kind, string Label, string Address)> Shown(IHtmlDocument page) =>
        [.. page.QuerySelectorAll(".work").Select(work => (work.GetAttribute("data-work")!, work.QuerySelector(".work-label")!.TextContent, work.GetAttribute("href")!))];
}
