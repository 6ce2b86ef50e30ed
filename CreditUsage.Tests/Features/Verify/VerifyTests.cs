using System.Net;
using System.Security.Cryptography;
using AngleSharp.Html.Dom;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Reports;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Verify;

/// <summary>Whoever has a PDF learns whether it is one that was saved here, and whether it still stands.</summary>
public sealed class VerifyTests : IAsyncLifetime
{
    private static readonly ReportFilter August = new(ClosingClinic.August, Sessions: true, TopUps: true, UsageSort.Default);

    private ClosingClinic _clinic = null!;
    private Visitor _stranger = null!;

    public async Task InitializeAsync()
    {
        _clinic = await ClosingClinic.OpenAsync(new Site());
        _stranger = new Visitor(_clinic.Site);
    }

    public async Task DisposeAsync()
    {
        _stranger.Dispose();
        await _clinic.DisposeAsync();
    }

    [Fact]
    public async Task A_closed_month_is_current_until_it_is_reopened_and_superseded_once_it_is_closed_again()
    {
        var first = await FileAsync((await _clinic.CloseAsync(ClosingClinic.August)).PdfSha256);
        var (verdict, text) = await DropAsync(first);
        Assert.Equal("current", verdict);
        Assert.Contains("version 1, August 2026, of Closing Clinic", text, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(first)), text, StringComparison.Ordinal);

        await _clinic.ReopenAsync(ClosingClinic.August);
        (verdict, text) = await DropAsync(first);
        Assert.Equal("superseded", verdict);
        Assert.Contains("reopened", text, StringComparison.Ordinal);

        await _clinic.ImportAsync(CsvRow.Session("A3", "2026-08-05T09:00:00Z"));
        var second = await FileAsync((await _clinic.CloseAsync(ClosingClinic.August)).PdfSha256);
        (verdict, text) = await DropAsync(first);
        Assert.Equal("superseded", verdict);
        Assert.Contains("superseded by version 2", text, StringComparison.Ordinal);
        Assert.Equal("current", (await DropAsync(second)).Verdict);
    }

    [Fact]
    public async Task A_draft_stands_until_another_draft_or_the_closed_month_takes_its_place()
    {
        var first = await SaveAsync();
        Assert.Equal((1, true), (first.Version, first.Draft));
        Assert.Equal("current", (await DropAsync(await FileAsync(first.Sha256))).Verdict);

        Assert.Equal(first.Id, (await SaveAsync()).Id);
        await _clinic.ImportAsync(CsvRow.Session("A3", "2026-08-05T09:00:00Z"));
        var second = await SaveAsync();
        Assert.Equal((2, true, first.Number + 1), (second.Version, second.Draft, second.Number));
        var (verdict, text) = await DropAsync(await FileAsync(first.Sha256));
        Assert.Equal("superseded", verdict);
        Assert.Contains("superseded by draft 2", text, StringComparison.Ordinal);

        await _clinic.CloseAsync(ClosingClinic.August);
        (verdict, text) = await DropAsync(await FileAsync(second.Sha256));
        Assert.Equal("superseded", verdict);
        Assert.Contains("superseded by version 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_changed_byte_or_a_byte_more_is_an_alteration()
    {
        var bytes = await FileAsync((await SaveAsync()).Sha256);
        var changed = bytes.ToArray();
        changed[changed.Length / 2] ^= 1;
        foreach (var altered in new[] { changed, [.. bytes, (byte)'\n'] })
        {
            var (verdict, text) = await DropAsync(altered);
            Assert.Equal("altered", verdict);
            Assert.Contains("claims to be a CreditUsage report", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Closing Clinic", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task Any_other_file_is_none_of_them(int bytes)
    {
        var (verdict, text) = await DropAsync(new byte[bytes]);
        Assert.Equal("altered", verdict);
        Assert.Contains("does not claim", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_the_version_and_where_to_verify_stand_on_every_page()
    {
        await _clinic.ImportAsync([.. Enumerable.Range(0, 100).Select(i => CsvRow.Session($"M{i}", "2026-08-05T09:00:00Z"))]);
        var saved = await SaveAsync();
        using var pdf = PdfRead.Open(await FileAsync(saved.Sha256));
        Assert.Equal((3, 3), (saved.Pages, pdf.NumberOfPages));
        Assert.All(pdf.GetPages(), page => Assert.Contains($"Report{saved.Number},draft1.Verifyat/verify.", page.Dense(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_file_or_a_token_nothing_is_looked_at()
    {
        using var empty = await _stranger.PostAsync("/verify", "/verify");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
        Assert.Contains("Choose a file", (await Visitor.ReadAsync(empty)).QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
        using var form = new MultipartFormDataContent { { new ByteArrayContent([1]), "file", "a.pdf" } };
        using var forged = await _stranger.Http.PostAsync(new Uri("/verify", UriKind.Relative), form);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
    }

    [Fact]
    public async Task A_name_that_does_not_end_in_pdf_is_refused_in_words()
    {
        using var refused = await _stranger.UploadAsync("%PDF-1.7"u8.ToArray(), "report.pdf.html", "/verify");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("Choose a file whose name ends in .pdf", (await Visitor.ReadAsync(refused)).QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
        using var capitals = await _stranger.UploadAsync("%PDF-1.7"u8.ToArray(), "REPORT.PDF", "/verify");
        Assert.Equal(HttpStatusCode.OK, capitals.StatusCode);
    }

    private async Task<(string Verdict, string Text)> DropAsync(byte[] file)
    {
        using var answer = await _stranger.UploadAsync(file, "report.pdf", "/verify");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var said = (IHtmlElement)(await Visitor.ReadAsync(answer)).QuerySelector("[data-verdict]")!;
        return (said.GetAttribute("data-verdict")!, said.TextContent);
    }

    private Task<SavedReport> SaveAsync() =>
        _clinic.InAsync(services => services.GetRequiredService<SaveReport>().RunAsync(new(August), ClosingClinic.Finance, rowsDone: null, CancellationToken.None));

    private Task<byte[]> FileAsync(string sha256) => _clinic.FileAsync(sha256, "pdf");
}
