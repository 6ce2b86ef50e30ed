using System.Net;
using System.Security.Cryptography;
using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Paper;

/// <summary>Save To PDF: what was answered is what is kept.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class SavedReportTests(Clinics clinics)
{
    private const string July = "/usage-report/pdf?year=2026&month=7&sessions=true&topUps=true";

    [Fact]
    public async Task Saving_keeps_the_bytes_that_were_answered_and_the_archive_gives_them_back()
    {
        var expected = SharedData.Totals("usage-awkward-totals.csv").Where(total => total.Month == "2026-07").ToList();
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);

        using var answer = await finance.PostAsync("/usage-report", July);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var path = answer.Content.Headers.ContentLocation!.OriginalString;
        var saved = await SavedAsync(path);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), saved.Sha256);
        Assert.Equal((bytes.Length, expected.Sum(total => total.Events), expected.Sum(total => total.Credits), expected.Sum(total => total.CostPence)), ((int)saved.SizeBytes, saved.Events, saved.Credits, saved.CostPence));
        Assert.Equal((Clinics.AwkwardFinance, clinics.Site.Clock.GetUtcNow(), "Credit Usage Report 2026-07.pdf"), (saved.SavedBy, saved.SavedAt, saved.FileName));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(FileOf(saved)));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(clinics.Site.DataPath, "pdf-jobs")));

        using var opened = await finance.GetAsync(path);
        using var downloaded = await finance.GetAsync(path + "/download");
        Assert.Equal(bytes, await opened.Content.ReadAsByteArrayAsync());
        Assert.Equal(bytes, await downloaded.Content.ReadAsByteArrayAsync());
        Assert.Equal(("inline", "attachment"), (opened.Content.Headers.ContentDisposition!.DispositionType, downloaded.Content.Headers.ContentDisposition!.DispositionType));
        Assert.Equal("Credit Usage Report 2026-07.pdf", downloaded.Content.Headers.ContentDisposition.FileNameStar);
        Assert.True(downloaded.Headers.CacheControl!.NoStore);

        var row = (await finance.PageAsync("/saved-reports")).QuerySelector($"tr[data-saved-report='{saved.Id}']")!;
        Assert.Contains(saved.Sha256, row.TextContent, StringComparison.Ordinal);
        Assert.Equal([path, path + "/download", $"/deliveries/send?report={saved.Id}"], row.QuerySelectorAll("a").Select(link => link.GetAttribute("href")!));
    }

    [Fact]
    public async Task A_file_that_was_tampered_with_or_is_gone_is_not_given_out()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);
        using var answer = await finance.PostAsync("/usage-report", July.Replace("month=7", "month=6", StringComparison.Ordinal));
        var path = answer.Content.Headers.ContentLocation!.OriginalString;
        var file = FileOf(await SavedAsync(path));

        await File.AppendAllTextAsync(file, " ");
        await RefusedAsync(finance, path, "has changed since it was saved");
        File.Delete(file);
        await RefusedAsync(finance, path, "missing");
    }

    [Fact, Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.ForeignIds)]
    public async Task Another_subscription_gets_404_and_does_not_see_it_listed()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);
        using var answer = await finance.PostAsync("/usage-report", July.Replace("&topUps=true", "", StringComparison.Ordinal));
        var path = answer.Content.Headers.ContentLocation!.OriginalString;
        using var other = await Visitor.SignedInAsync(clinics.Site, Clinics.EmptyFinance);

        foreach (var address in new[] { path, path + "/download" })
        {
            using var refused = await other.GetAsync(address);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }
        Assert.Empty((await other.PageAsync("/saved-reports")).QuerySelectorAll("tr[data-saved-report]"));
    }

    [Theory]
    [InlineData("/saved-reports/1")]
    [InlineData("/saved-reports/..%2f..%2fcreditusage.db")]
    [InlineData("/saved-reports/018f0000-0000-7000-8000-000000000000")]
    [InlineData("/saved-reports/018f0000-0000-7000-8000-000000000000/delete")]
    [InlineData("/saved-reports/018f0000-0000-7000-8000-000000000000.pdf")]
    public async Task An_id_that_does_not_exist_is_404(string path)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.AwkwardFinance);
        using var answer = await finance.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task RefusedAsync(Visitor visitor, string path, string word)
    {
        using var refused = await visitor.GetAsync(path + "/download");
        Assert.Equal((HttpStatusCode.InternalServerError, "text/html"), (refused.StatusCode, refused.Content.Headers.ContentType!.MediaType));
        Assert.Contains(word, (await Visitor.ReadAsync(refused)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
    }

    private string FileOf(SavedReport saved) => Path.Combine(clinics.Site.DataPath, "reports", saved.Sha256[..2], saved.Sha256 + ".pdf");

    private Task<SavedReport> SavedAsync(string path)
    {
        var id = Guid.Parse(path["/saved-reports/".Length..]);
        return clinics.Site.InAsync(clinics.Awkward, services => services.GetRequiredService<CreditUsageDb>().SavedReports.SingleAsync(report => report.Id == id));
    }
}
