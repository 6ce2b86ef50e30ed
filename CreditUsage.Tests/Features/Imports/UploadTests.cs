using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using CreditUsage.Core.Tables;
using CreditUsage.Domain.Usage;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Tests.Features.Imports;

/// <summary>What may be sent to the Imports page, and what is said of what may not.</summary>
public sealed class UploadTests(ImportClinics clinics) : IClassFixture<ImportClinics>
{
    private const string Token = "__RequestVerificationToken";

    private static readonly string Good = CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z"));

    public static TheoryData<byte[], string> NoCsv => new()
    {
        { [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0], "image" },
        { Gzip(Encoding.UTF8.GetBytes(Good)), "gzip" },
        { "PK\u0003\u0004workbook"u8.ToArray(), "damaged" },
        { "MZ\u0090\0program"u8.ToArray(), "program" },
        { "<!DOCTYPE html><html>"u8.ToArray(), "web page" },
        { "%PDF-1.7\n"u8.ToArray(), "PDF" },
        { [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "old kind" },
        { Encoding.UTF8.GetBytes(CsvText.Header), "no events" },
        { Encoding.UTF8.GetBytes(CsvText.Of([.. Enumerable.Range(1, 2001).Select(i => CsvRow.Session($"E{i}", "2026-10-01T09:30:00Z"))])), "2,000 rows" },
        { Encoding.UTF8.GetBytes(Good + "\r\n" + new string('x', 70_000)), "line 3" },
    };

    [Theory]
    [MemberData(nameof(NoCsv))]
    public async Task What_is_no_CSV_of_usage_is_refused_in_words_by_its_content_whatever_its_name(byte[] bytes, string word)
    {
        using var clinic = await clinics.ClinicAsync();
        using var answer = await clinic.Visitor.UploadAsync(bytes, "usage.csv");

        var refused = await clinics.Site.SettledAsync(clinic.Id, Uploads.IdOf(answer));

        Assert.Equal(UsageImportState.Refused, refused.State);
        Assert.Contains(word, refused.Problem, StringComparison.Ordinal);
        Assert.Contains(word, (await clinic.PageAsync(refused.Id)).QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(clinics.Folder, $"{refused.Id:N}*"));
    }

    [Theory]
    [InlineData("usage.xls")]
    [InlineData("usage.csv.exe")]
    [InlineData("usage.csv ")]
    [InlineData("csv")]
    public async Task A_name_that_does_not_end_in_csv_is_refused_in_words_whatever_the_content(string name)
    {
        using var clinic = await clinics.ClinicAsync();
        await RefusedAsync(clinic, await clinic.Visitor.UploadAsync(Good, name), HttpStatusCode.UnprocessableEntity, "Choose a file whose name ends in .csv");
    }

    [Fact]
    public async Task The_ending_may_be_in_capitals()
    {
        using var clinic = await clinics.ClinicAsync();
        Assert.Equal(UsageImportState.Checked, (await clinic.CheckedAsync(Good, "USAGE.CSV")).State);
    }

    [Theory]
    [InlineData("October 2026.csv", "October 2026.csv")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(@"C:\Users\me\usage.csv", "usage.csv")]
    [InlineData("con.csv", "con.csv")]
    [InlineData("\"><script>.csv", "\"><script>.csv")]
    [InlineData("gpj.\u202Evsc.exe", "unnamed")]
    [InlineData("a\0.csv", "unnamed")]
    [InlineData("a\r\nX-Header: 1.csv", "a X-Header: 1.csv")]
    [InlineData("..", "..")]
    [InlineData("/", "unnamed")]
    public void A_files_name_is_only_ever_shown(string sent, string shown) => Assert.Equal(shown, DisplayName.Of(sent));

    [Fact]
    public async Task A_name_of_five_thousand_characters_is_cut_and_a_path_leads_nowhere()
    {
        using var clinic = await clinics.ClinicAsync();
        Assert.Equal(new string('n', 200), (await clinic.CheckedAsync(Good, new string('n', 5000) + ".csv")).FileName);
        Assert.Equal("evil.csv", (await clinic.CheckedAsync(Good, "../../../evil.csv")).FileName);
        Assert.Empty(Directory.EnumerateFiles(clinics.Site.DataPath, "*evil*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_field_of_more_than_four_kilobytes_is_named_with_its_line()
    {
        using var clinic = await clinics.ClinicAsync();
        var seen = await clinic.CheckedAsync(CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.Session("E2", "2026-10-01T09:30:00Z", program: new string('x', 4097))));
        var row = (await clinic.PageAsync(seen.Id)).QuerySelector("tr[data-line]")!;
        Assert.Equal(("3", "program"), (row.Children[0].TextContent, row.Children[1].TextContent));
        Assert.Contains("4096 bytes", row.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_nobody_knows_is_left_out_and_said()
    {
        using var clinic = await clinics.ClinicAsync();
        var seen = await clinic.CheckedAsync(CsvText.Header + ",remark\r\n" + CsvRow.Session("E1", "2026-10-01T09:30:00Z") + ",x");
        Assert.Equal((1, 0), (seen.Accepted, seen.ErrorCount));
        Assert.Contains("One column is not known and left out: remark.", (await clinic.PageAsync(seen.Id)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_over_the_limit_is_answered_413_in_words_and_leaves_nothing()
    {
        using var clinic = await clinics.ClinicAsync();
        using var answer = await clinic.Visitor.UploadAsync(new byte[ImportClinics.Limits.MaxBytes + 1]);
        await RefusedAsync(clinic, answer, HttpStatusCode.RequestEntityTooLarge, "larger than 1 MB");
    }

    [Fact]
    public async Task A_request_over_the_limit_is_answered_413_before_its_body_arrives()
    {
        using var clinic = await clinics.ClinicAsync();
        var answer = await RawAsync(clinic, $"Content-Type: multipart/form-data; boundary=B\r\nContent-Length: {300L * 1024 * 1024}\r\n", "--B\r\n");
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("larger than 200 MB", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_length_that_lies_and_a_body_that_stops_are_answered_400()
    {
        using var clinic = await clinics.ClinicAsync();
        var answer = await RawAsync(clinic, "Content-Type: multipart/form-data; boundary=B\r\nContent-Length: 10\r\n", "--B\r\n" + new string('x', 5000));
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Equal(0, await clinic.InAsync(db => db.UsageImports.CountAsync()));
    }

    [Fact]
    public async Task Other_pages_keep_the_usual_limit()
    {
        using var clinic = await clinics.ClinicAsync();
        var answer = await RawAsync(clinic, $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {100L * 1024 * 1024}\r\n", "a=", "/theme");
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_chosen_an_empty_file_and_two_files_are_answered_422()
    {
        using var clinic = await clinics.ClinicAsync();
        var token = await clinic.Visitor.TokenAsync();
        await RefusedAsync(clinic, await PostAsync(clinic, Form(token)), HttpStatusCode.UnprocessableEntity, "Choose a file.");
        await RefusedAsync(clinic, await PostAsync(clinic, Form(token, "")), HttpStatusCode.UnprocessableEntity, "The file is empty.");
        await RefusedAsync(clinic, await PostAsync(clinic, Form(token, Good, Good)), HttpStatusCode.UnprocessableEntity, "one file at a time");
        await RefusedAsync(clinic, await PostAsync(clinic, new FormUrlEncodedContent([new("file", Good)])), HttpStatusCode.UnprocessableEntity, "Choose a file.");
    }

    [Fact]
    public async Task Without_the_forms_token_or_with_anothers_nothing_is_taken_in()
    {
        using var clinic = await clinics.ClinicAsync();
        using var other = await clinics.ClinicAsync();
        foreach (var token in new[] { "", "forged", await other.Visitor.TokenAsync() })
            await RefusedAsync(clinic, await PostAsync(clinic, Form(token, Good)), HttpStatusCode.BadRequest, "expired");
        using var late = new MultipartFormDataContent { { new StringContent(Good), "file", "usage.csv" }, { new StringContent(await clinic.Visitor.TokenAsync()), Token } };
        await RefusedAsync(clinic, await PostAsync(clinic, late), HttpStatusCode.BadRequest, "expired");
    }

    [Fact]
    public async Task Forms_of_many_parts_without_a_boundary_nested_or_compressed_are_refused()
    {
        using var clinic = await clinics.ClinicAsync();
        var token = await clinic.Visitor.TokenAsync();
        var many = Form(token);
        for (var part = 0; part < 2000; part++) many.Add(new StringContent("x"), $"part{part}");
        await RefusedAsync(clinic, await PostAsync(clinic, many), HttpStatusCode.UnprocessableEntity, "Choose a file.");

        var unbounded = new StringContent("x");
        unbounded.Headers.ContentType = new MediaTypeHeaderValue("multipart/form-data");
        await RefusedAsync(clinic, await PostAsync(clinic, unbounded), HttpStatusCode.BadRequest, "was incomplete");

        var nested = new MultipartFormDataContent { { new StringContent(token), Token }, { new MultipartContent("mixed") { new StringContent(Good) }, "files" } };
        await RefusedAsync(clinic, await PostAsync(clinic, nested), HttpStatusCode.UnprocessableEntity, "Choose a file.");

        var form = Form(token, Good);
        var compressed = new ByteArrayContent(Gzip(await form.ReadAsByteArrayAsync()));
        compressed.Headers.ContentType = form.Headers.ContentType;
        compressed.Headers.ContentEncoding.Add("gzip");
        await RefusedAsync(clinic, await PostAsync(clinic, compressed), HttpStatusCode.BadRequest, "");
    }

    private async Task RefusedAsync(ImportClinic clinic, HttpResponseMessage answer, HttpStatusCode status, string words)
    {
        using (answer)
        {
            Assert.Equal(status, answer.StatusCode);
            var page = await Visitor.ReadAsync(answer);
            Assert.Contains(words, page.QuerySelector(".fault-summary a[href='#file']")!.TextContent, StringComparison.Ordinal);
            Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        }
        Assert.Equal(0, await clinic.InAsync(db => db.UsageImports.CountAsync()));
        if (Directory.Exists(clinics.Folder)) Assert.Empty(Directory.EnumerateFiles(clinics.Folder, "*.part"));
    }

    private static MultipartFormDataContent Form(string token, params string[] files)
    {
        var form = new MultipartFormDataContent { { new StringContent(token), Token } };
        foreach (var file in files) form.Add(new StringContent(file), "file", "usage.csv");
        return form;
    }

    private static Task<HttpResponseMessage> PostAsync(ImportClinic clinic, HttpContent content) => clinic.Visitor.Http.PostAsync(new Uri("/imports", UriKind.Relative), content);

    /// <summary>A request written byte by byte, as no client would; answers all that comes back.</summary>
    private static async Task<string> RawAsync(ImportClinic clinic, string headers, string body, string path = "/imports")
    {
        var address = clinic.Visitor.Http.BaseAddress!;
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nCookie: {clinic.Visitor.Cookies.GetCookieHeader(address)}\r\nConnection: close\r\n{headers}\r\n{body}"));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var reader = new StreamReader(stream);
        var answer = new StringBuilder();
        // The rest of the body never comes, so the connection may stay open for a while after the answer.
        while (await reader.ReadLineAsync(patience.Token) is { } line && !answer.AppendLine(line).ToString().EndsWith("</html>\n", StringComparison.Ordinal))
        {
        }
        return answer.ToString();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
