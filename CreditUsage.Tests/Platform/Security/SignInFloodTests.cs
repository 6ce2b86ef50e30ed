using System.Net;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>Who floods the sign-in stands in a queue of their own, and what that cannot hold is refused in words.</summary>
[Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.Flood)]
public sealed class SignInFloodTests : IAsyncLifetime
{
    private const string Email = "honest@clinic.example";
    private const string Wrong = "not the right password";
    private const int Connections = 100;

    /// <summary>Of one network: two at once, and as many waiting as it may try in a minute.</summary>
    private const int Admitted = 22;

    private readonly Site _site = new();
    private readonly List<Visitor> _visitors = [];

    private PasswordThrottle Throttle => _site.Services.GetRequiredService<PasswordThrottle>();

    public async Task InitializeAsync()
    {
        _site.With("CreditUsage:Anonymous:SignInsPerMinute", "20").With("CreditUsage:Anonymous:WaitingSignIns", "4").UseKestrel(0);
        _site.StartServer();
        await _site.UserAsync(await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1)), Email, Roles.FinanceAdministrator);
    }

    public async Task DisposeAsync()
    {
        foreach (var visitor in _visitors) visitor.Dispose();
        await _site.DisposeAsync();
    }

    /// <summary>Were the honest one behind ten of the flood, the account would be locked before its turn.</summary>
    [Fact]
    public async Task An_honest_sign_in_is_not_queued_behind_a_flood_from_another_address()
    {
        var attacker = From(2);
        using var wrong = await FormAsync(attacker, Wrong);
        var held = await Throttle.EnterAsync(Email.ToUpperInvariant());
        var flood = Enumerable.Range(0, Connections).Select(_ => PostAsync(attacker, wrong)).ToList();
        await Wait.UntilAsync(() => flood.Count(answer => answer.IsCompleted) == Connections - Admitted && Throttle.Waiting == 2);
        foreach (var refused in flood.Where(answer => answer.IsCompleted)) await RefusedAsync(await refused);

        var honest = From(3).SignInAsync(Email, Site.Password);
        await Wait.UntilAsync(() => Throttle.Waiting == 3);
        held.Dispose();

        Assert.Equal(HttpStatusCode.Redirect, (await honest).StatusCode);
        var answers = await Task.WhenAll(flood);
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.UnprocessableEntity, HttpStatusCode.TooManyRequests }));
        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.UnprocessableEntity), 20, Admitted);
    }

    [Fact]
    public async Task A_full_queue_is_answered_at_once_in_words()
    {
        using var held = await Throttle.EnterAsync(Email.ToUpperInvariant());
        var waiting = Enumerable.Range(10, 4).Select(last => From(last).SignInAsync(Email, Wrong)).ToList();
        await Wait.UntilAsync(() => Throttle.Waiting == 4);
        using var refused = await From(20).SignInAsync(Email, Site.Password);
        await RefusedAsync(refused);
        held.Dispose();
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode));
    }

    [Fact]
    public async Task Posts_that_hang_up_leave_the_queue()
    {
        using var held = await Throttle.EnterAsync(Email.ToUpperInvariant());
        using var hangUp = new CancellationTokenSource();
        var posts = new List<Task>();
        foreach (var last in Enumerable.Range(30, 4))
        {
            var visitor = From(last);
            posts.Add(PostAsync(visitor, await FormAsync(visitor, Wrong), hangUp.Token));
        }
        await Wait.UntilAsync(() => Throttle.Waiting == 4);

        await hangUp.CancelAsync();

        await Wait.UntilAsync(() => Throttle.Waiting == 0);
        foreach (var post in posts) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => post);
    }

    [Theory]
    [InlineData("Login")]
    [InlineData("SecondStep")]
    [InlineData("RecoveryCode")]
    [InlineData("AcceptInvitation")]
    public async Task Each_page_that_takes_a_password_or_a_code_counts(string page)
    {
        var visitor = From(40);
        using var form = new FormUrlEncodedContent([]);
        var answers = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => visitor.Http.PostAsync(new Uri($"/Identity/Account/{page}", UriKind.Relative), form)));
        await RefusedAsync(answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
        using var read = await visitor.GetAsync(Visitor.LoginPath);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }

    [Fact]
    public async Task A_form_longer_than_any_of_theirs_is_refused_before_it_is_read()
    {
        using var form = new ByteArrayContent(new byte[AnonymousLimits.MaxFormBytes + 1]);
        using var answer = await From(50).Http.PostAsync(new Uri(Visitor.LoginPath, UriKind.Relative), form);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("That is too large", (await Visitor.ReadAsync(answer)).QuerySelector("h1")!.TextContent);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    public void A_network_is_an_address_or_the_first_half_of_one(string address, string other, bool same) => Assert.Equal(same, Network(address) == Network(other));

    private static string Network(string address) => RateLimits.NetworkOf(new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } });

    private Visitor From(int last)
    {
        var visitor = new Visitor(_site, new IPAddress([127, 0, 0, (byte)last]));
        _visitors.Add(visitor);
        return visitor;
    }

    private static async Task<FormUrlEncodedContent> FormAsync(Visitor visitor, string password) => new(new Dictionary<string, string>
    {
        ["Input.Email"] = Email,
        ["Input.Password"] = password,
        ["__RequestVerificationToken"] = (await visitor.PageAsync(Visitor.LoginPath)).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!,
    });

    private static Task<HttpResponseMessage> PostAsync(Visitor visitor, HttpContent form, CancellationToken cancellation = default) =>
        visitor.Http.PostAsync(new Uri(Visitor.LoginPath, UriKind.Relative), form, cancellation);

    private static async Task RefusedAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        var seconds = answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
        Assert.InRange(seconds, 1, 60);
        Assert.Contains($"wait {seconds:0} second", (await Visitor.ReadAsync(answer)).QuerySelector("[data-problem]")!.TextContent, StringComparison.Ordinal);
    }
}
