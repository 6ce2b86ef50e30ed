using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>What is compressed, and what is not (docs/decisions/0027).</summary>
[Collection(ClinicsCollection.Name)]
public sealed class CompressionTests(Clinics clinics)
{
    private const string Report = "?year=2026&month=10&sessions=true&topUps=true";

    [Theory]
    [InlineData("/usage-report" + Report, "same-origin", "br")]
    [InlineData("/usage-report" + Report, "none", "br")]
    [InlineData("/usage-report/csv" + Report, "same-origin", "br")]
    [InlineData("/usage-report/json" + Report, "same-origin", "br")]
    [InlineData("/usage-report/print" + Report, "same-origin", "br")]
    // Another site chose the text: the length of the answer must not tell what it repeats.
    [InlineData("/usage-report" + Report + "&q=guess", "cross-site", null)]
    [InlineData("/usage-report" + Report + "&q=guess", "same-site", null)]
    [InlineData("/usage-report/csv" + Report, "cross-site", null)]
    [InlineData("/usage-report" + Report, null, null)]
    public async Task Pages_are_compressed_where_no_other_site_caused_the_request(string path, string? causedBy, string? encoding)
    {
        using var visitor = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var answer = await AskAsync(visitor, path, causedBy);
        answer.EnsureSuccessStatusCode();
        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        if (encoding is null) return;
        using var plain = await AskAsync(visitor, path, null);
        Assert.True(bytes.Length * 4 < (await plain.Content.ReadAsByteArrayAsync()).Length, $"{bytes.Length} bytes");
    }

    [Fact]
    public async Task A_page_is_the_same_compressed_and_plain()
    {
        using var visitor = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var compressed = await AskAsync(visitor, "/usage-report/csv" + Report, "none");
        await using var read = new System.IO.Compression.BrotliStream(await compressed.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await read.CopyToAsync(bytes);
        Assert.Equal(await visitor.Http.GetByteArrayAsync(new Uri("/usage-report/csv" + Report, UriKind.Relative)), bytes.ToArray());
    }

    private static Task<HttpResponseMessage> AskAsync(Visitor visitor, string path, string? causedBy)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept-Encoding", "gzip, deflate, br");
        if (causedBy is not null) request.Headers.Add("Sec-Fetch-Site", causedBy);
        return visitor.Http.SendAsync(request);
    }
}
