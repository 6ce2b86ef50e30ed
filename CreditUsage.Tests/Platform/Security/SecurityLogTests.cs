using System.Net.Http.Headers;
using CreditUsage.Features.ApiKeys;
using CreditUsage.Platform.Api;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>Refusals that belong to no account's audit are in the server's log, without what was sent.</summary>
public sealed class SecurityLogTests : IAsyncLifetime
{
    private const string Email = "auditor@clinic.example";

    private readonly KeptLog _log = new(typeof(SecurityLog).FullName!);
    private Site _site = null!;
    private int _clinic;

    public async Task InitializeAsync()
    {
        _site = new Site { ChangeServices = _log.AddTo };
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        Assert.Empty(await _site.UserAsync(_clinic, Email, Roles.Auditor));
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task A_try_at_an_unknown_address_is_logged_without_it()
    {
        using var visitor = new Visitor(_site);
        (await visitor.SignInAsync("nobody@clinic.example", "a guessed password")).Dispose();
        (await visitor.SignInAsync(Email, "a guessed password")).Dispose();
        Assert.Equal(["Warning: A sign-in was refused: no account has the address"], _log.Lines);
    }

    [Fact]
    public async Task What_a_role_may_not_do_is_logged_with_its_user_and_the_page()
    {
        using var visitor = await Visitor.SignedInAsync(_site, Email);
        (await visitor.GetAsync("/months?text=anything")).Dispose();
        Assert.Empty(_log.Lines);
        (await visitor.PostAsync("/usage-report", "/users?handler=Invite")).Dispose();
        var line = Assert.Single(_log.Lines);
        Assert.Matches("^Warning: Access was refused: user [0-9a-f-]{36} may not POST /Users/Index$", line);
    }

    [Fact]
    public async Task Calls_with_no_key_of_ours_a_wrong_one_and_one_of_another_scope_are_logged_without_it()
    {
        var (secret, _) = await _site.InAsync(_clinic, services =>
        {
            var create = services.GetRequiredService<CreateApiKey>();
            return create.RunAsync("Meter", ApiScopes.ReadReports, create.Today, CancellationToken.None);
        });
        var key = secret!.Text;
        await CallAsync("GET", null);
        Assert.Empty(_log.Lines);
        foreach (var wrong in new[] { "rubbish", "cu_aaaaaaaaaa_" + key[14..], key + "A" }) await CallAsync("GET", wrong);
        await CallAsync("POST", key);

        Assert.Equal(
        [
            "Warning: A call was refused: it had no key of this site", "Warning: A call was refused: it had no key of this site",
            "Warning: A call was refused: it named key 1 with a wrong secret, or after the key was revoked or had expired",
            "Warning: A call was refused: key 1 of the scope reports:read may not do HTTP: POST /api/v1/usage-events",
        ], _log.Lines.Select(line => line.Split(" => ")[0]));
        Assert.DoesNotContain(_log.Lines, line => line.Contains(key[14..], StringComparison.Ordinal) || line.Contains("rubbish", StringComparison.Ordinal));
    }

    private async Task CallAsync(string method, string? key)
    {
        using var http = new HttpClient { BaseAddress = _site.ClientOptions.BaseAddress };
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/usage-events?month=2026-10");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (method == "POST") request.Content = new StringContent("[]", new MediaTypeHeaderValue("application/json"));
        (await http.SendAsync(request)).Dispose();
    }
}
