using System.IO.Compression;
using System.Net;
using System.Text.Json;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Core.Jobs;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Pack;

/// <summary>The pack of a long month waits for its PDF; that of a month whose PDF is kept takes it as it is.</summary>
public sealed class LongPackTests
{
    private const string Pack = "/usage-report/pack" + JobSite.October;

    [Fact]
    public async Task A_long_months_pdf_is_made_in_the_background_and_then_taken_byte_for_byte()
    {
        await using var site = await JobSite.StartAsync(paper: true);
        var made = 0;
        site.Engine.Before = (_, _, _) =>
        {
            Interlocked.Increment(ref made);
            return Task.CompletedTask;
        };
        using var first = await site.Visitor.GetAsync(Pack);
        var page = await Visitor.ReadAsync(first);
        Assert.Equal((HttpStatusCode.Conflict, 0), (first.StatusCode, made));
        Assert.Contains("generate its PDF first", page.QuerySelector("[data-pack-waits]")!.TextContent, StringComparison.Ordinal);

        using var asked = await site.Visitor.PostAsync("/usage-report", page.QuerySelector("main form")!.GetAttribute("action")!);
        Assert.Equal(HttpStatusCode.SeeOther, asked.StatusCode);
        var id = Guid.Parse(asked.Headers.Location!.OriginalString["/usage-report/jobs/".Length..]);
        await site.UntilAsync(id, ReportJobState.Done, ReportJobState.Failed);
        var job = await site.Visitor.PageAsync($"/usage-report/jobs/{id}");
        using var saved = await site.Visitor.GetAsync(job.QuerySelector("[data-save-as]")!.GetAttribute("href")!);
        var (pdf, number) = await PdfAsync(site, job.QuerySelector("#job-state a[href^='/usage-report/pack']")!.GetAttribute("href")!);
        Assert.Equal(await saved.Content.ReadAsByteArrayAsync(), pdf);
        Assert.Equal((1, 1), (number, made));

        // What has changed since is another report.
        Assert.True((await site.Site.ImportRowsAsync(site.Clinic, CsvRow.Session("O4", "2026-10-04T09:30:00Z", cost: "1.00"))).Stored);
        using var after = await site.Visitor.GetAsync(Pack);
        Assert.Equal((HttpStatusCode.Conflict, 1), (after.StatusCode, made));
    }

    [Fact]
    public async Task A_short_months_draft_is_taken_where_it_is_kept_and_made_where_it_is_not()
    {
        const string september = "?year=2026&month=9&sessions=true";
        await using var site = await JobSite.StartAsync();
        Assert.Null((await PdfAsync(site, "/usage-report/pack" + september)).Number);
        using var saved = await site.Visitor.PostAsync("/usage-report", "/usage-report/pdf" + september);
        var (pdf, number) = await PdfAsync(site, "/usage-report/pack" + september);
        Assert.Equal(await saved.Content.ReadAsByteArrayAsync(), pdf);
        Assert.Equal(1, number);
        // Of another kind, and so of another report.
        Assert.Null((await PdfAsync(site, "/usage-report/pack" + september + "&topUps=true")).Number);
        // A file that was lost is not put into a pack.
        File.Delete(Assert.Single(site.Files));
        Assert.Null((await PdfAsync(site, "/usage-report/pack" + september)).Number);
    }

    [Fact]
    public async Task Who_may_not_save_reports_is_told_who_does()
    {
        await using var site = await JobSite.StartAsync();
        await site.Site.UserAsync(site.Clinic, "auditor@jobs.example", Roles.Auditor);
        using var auditor = await Visitor.SignedInAsync(site.Site, "auditor@jobs.example");
        using var answer = await auditor.GetAsync(Pack);
        var page = await Visitor.ReadAsync(answer);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Empty(page.QuerySelectorAll("main form"));
        Assert.Contains("A Finance Administrator or an Administrator of your clinic can generate the PDF.", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<(byte[] Pdf, int? Number)> PdfAsync(JobSite site, string address)
    {
        using var answer = await site.Visitor.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        using var manifest = await JsonDocument.ParseAsync(await zip.GetEntry("manifest.json")!.OpenAsync());
        await using var entry = await zip.Entries.Single(file => file.Name.EndsWith(".pdf", StringComparison.Ordinal)).OpenAsync();
        using var pdf = new MemoryStream();
        await entry.CopyToAsync(pdf);
        return (pdf.ToArray(), manifest.RootElement.GetProperty("savedReport").ValueKind == JsonValueKind.Null ? null : manifest.RootElement.GetProperty("savedReport").GetInt32());
    }
}
