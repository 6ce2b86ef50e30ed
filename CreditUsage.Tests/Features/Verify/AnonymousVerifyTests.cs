using System.Net;
using System.Net.Sockets;
using System.Text;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Verify;

/// <summary>What anybody may have verified without signing in: small files, a few at a time.</summary>
public sealed class AnonymousVerifyTests : IAsyncLifetime
{
    private const string Email = "finance@clinic.example";
    private const int Megabyte = 1024 * 1024;

    private readonly Site _site = new();

    public async Task InitializeAsync()
    {
        _site.With("CreditUsage:Anonymous:VerifyMegabytes", "1").With("CreditUsage:Anonymous:VerifiesAtOnce", "2").UseKestrel(0);
        _site.StartServer();
        await _site.UserAsync(await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1)), Email, Roles.FinanceAdministrator);
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task Who_has_not_signed_in_verifies_small_files_only_and_is_told_so()
    {
        using var stranger = new Visitor(_site);
        using var small = await stranger.UploadAsync(new byte[Megabyte / 2], "small.pdf", "/verify");
        using var large = await stranger.UploadAsync(new byte[Megabyte + 1], "large.pdf", "/verify", asksFirst: true);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.RequestEntityTooLarge), (small.StatusCode, large.StatusCode));
        Assert.StartsWith("The file is larger than 1 MB. Sign in", (await Visitor.ReadAsync(large)).QuerySelector("[data-problem]")!.TextContent, StringComparison.Ordinal);

        using var member = await Visitor.SignedInAsync(_site, Email);
        using var verified = await member.UploadAsync(new byte[Megabyte + 1], "large.pdf", "/verify");
        Assert.Equal("altered", (await Visitor.ReadAsync(verified)).QuerySelector("[data-verdict]")?.GetAttribute("data-verdict"));
    }

    [Fact]
    public async Task A_length_that_is_too_much_is_refused_before_anything_is_sent()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _site.ClientOptions.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /verify HTTP/1.1\r\nHost: {_site.ClientOptions.BaseAddress.Authority}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: {200 * Megabyte}\r\n\r\n"));
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 413", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_few_at_a_time_are_verified_and_further_ones_told_to_come_back()
    {
        using var first = new SlowFile(_site, 2);
        using var second = new SlowFile(_site, 3);
        using var third = new Visitor(_site, IPAddress.Parse("127.0.0.4"));
        Task<HttpResponseMessage>[] sent = [(await first.SendAsync()).Answer, (await second.SendAsync()).Answer];
        HttpResponseMessage refused = null!;
        await Wait.UntilAsync(async () => (refused = await third.UploadAsync("a file"u8.ToArray(), "a.pdf", "/verify")).StatusCode == HttpStatusCode.TooManyRequests);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("try again", (await Visitor.ReadAsync(refused)).QuerySelector("[data-problem]")!.TextContent, StringComparison.Ordinal);

        foreach (var file in new[] { first, second }) file.End();
        Assert.All(await Task.WhenAll(sent), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await Wait.UntilAsync(async () => (await third.UploadAsync("a file"u8.ToArray(), "a.pdf", "/verify")).StatusCode == HttpStatusCode.OK);
    }

    /// <summary>A new one is looked at before it is added here: whatever it costs, anybody can have it done.</summary>
    [Fact]
    public void What_anybody_can_post_to_is_limited_or_costs_nothing()
    {
        string[] limited = ["/Identity/Account/Login", "/Identity/Account/SecondStep", "/Identity/Account/RecoveryCode", "/Identity/Account/AcceptInvitation", "/Identity/Account/ForgotPassword", "/verify"];
        string[] cheap = ["/Identity/Account/Logout", "/theme", "/error/{status:int?}", "/health/live", "/health/ready"];
        var anonymous = _site.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null && endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null && endpoint.RoutePattern.RawText != "{**path:file}")
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("POST") ?? true).Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'));
        Assert.Equal(limited.Concat(cheap).Order(StringComparer.Ordinal), anonymous.Distinct().Order(StringComparer.Ordinal));
    }

    private sealed record Sent(Task<HttpResponseMessage> Answer);

    /// <summary>A form whose file is still on its way.</summary>
    private sealed class SlowFile(Site site, int last) : IDisposable
    {
        private readonly Visitor _visitor = new(site, new IPAddress([127, 0, 0, (byte)last]));
        private readonly TaskCompletionSource _end = new();

        /// <summary>Begins to send; the answer comes when the file has ended.</summary>
        public async Task<Sent> SendAsync()
        {
            var form = new MultipartFormDataContent { { new StringContent(await _visitor.TokenAsync("/verify")), "__RequestVerificationToken" }, { new Content(_end.Task), "file", "a.pdf" } };
            return new(_visitor.Http.PostAsync(new Uri("/verify", UriKind.Relative), form));
        }

        public void End() => _end.SetResult();

        public void Dispose() => _visitor.Dispose();

        private sealed class Content(Task end) : HttpContent
        {
            protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
            {
                await stream.WriteAsync("the beginning"u8.ToArray());
                await stream.FlushAsync();
                await end;
            }

            protected override bool TryComputeLength(out long length) => (length = 0) != 0;
        }
    }
}
