using System.Net;
using CreditUsage.Data;
using CreditUsage.Platform.Api;
using CreditUsage.Tests.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Data;

/// <summary>Another program holds the write lock for as long as a test wants. A read that waited for it would be answered 503, since it is never given back before.</summary>
[Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
public sealed class LockedDatabaseTests : IAsyncLifetime
{
    private readonly Clinics _clinics = new();

    private Site Site => _clinics.Site;

    public Task InitializeAsync() => _clinics.InitializeAsync();

    public Task DisposeAsync() => _clinics.DisposeAsync();

    [Fact]
    public async Task Every_page_is_answered_while_another_program_writes_though_the_session_is_old()
    {
        using var administrator = await Visitor.SignedInAsync(Site, Clinics.Administrator);
        var paths = RouteTests.Rows.Where(row => row.Method == "GET").Select(row => row.Path).ToList();
        var before = new Dictionary<string, HttpStatusCode>();
        foreach (var path in paths) before[path] = await StatusAsync(administrator, path);

        await using (await LockAsync())
        {
            // Past the minute after which the account is looked at again, and past the five after which the session is stored.
            foreach (var minutes in new[] { 2, 6 })
            {
                Site.Clock.Advance(TimeSpan.FromMinutes(minutes));
                var other = new List<string>();
                foreach (var path in paths)
                    if (await StatusAsync(administrator, path) is var status && status != before[path]) other.Add($"{path}: {status}, not {before[path]}");
                Assert.Empty(other);
            }
        }
    }

    [Fact]
    public async Task A_session_lives_on_while_it_cannot_be_stored_and_is_stored_seldom()
    {
        using var finance = await Visitor.SignedInAsync(Site, Clinics.Finance);
        var signedIn = await ExpiryAsync();
        Site.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(finance, "/dashboard"));
        Assert.Equal(signedIn, await ExpiryAsync());
        await using (await LockAsync())
        {
            for (var pages = 0; pages < 3; pages++)
            {
                Site.Clock.Advance(TimeSpan.FromMinutes(20));
                Assert.Equal(HttpStatusCode.OK, await StatusAsync(finance, "/dashboard"));
            }
            Assert.Equal(signedIn, await ExpiryAsync());
        }
        await Wait.UntilAsync(async () =>
        {
            Site.Clock.Advance(TimeSpan.FromMinutes(2));
            return await StatusAsync(finance, "/dashboard") == HttpStatusCode.OK && await ExpiryAsync() > signedIn.AddMinutes(30);
        });
    }

    [Fact]
    public async Task Who_was_disabled_is_refused_though_nothing_can_be_written()
    {
        using var finance = await Visitor.SignedInAsync(Site, Clinics.Finance);
        await using (var scope = Site.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().Users.ExecuteUpdateAsync(set => set.SetProperty(user => user.SecurityStamp, "Changed").SetProperty(user => user.DisabledAt, Site.Clock.GetUtcNow()));
        await using (await LockAsync())
        {
            Site.Clock.Advance(TimeSpan.FromMinutes(2));
            for (var pages = 0; pages < 2; pages++) Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(finance, "/dashboard"));
        }
    }

    [Fact]
    public async Task What_must_write_says_so_and_when_to_come_back()
    {
        using var visitor = new Visitor(Site);
        await using var held = await LockAsync();

        using var answer = await visitor.SignInAsync(Clinics.Finance, Site.Password);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "60"), (answer.StatusCode, answer.Headers.RetryAfter?.ToString()));
        Assert.Contains("Nothing was changed. Try again in a minute.", (await Visitor.ReadAsync(answer)).QuerySelector("[data-problem]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_must_write_says_so_and_when_to_come_back()
    {
        var api = new ApiSite();
        await api.InitializeAsync();
        using var caller = await api.CallerAsync(ApiScopes.WriteUsage);
        await using (await LockAsync(api.Site))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, ApiCaller.Events) { Content = new StringContent($"[{ApiCaller.Session("E1").ToJsonString()}]", System.Text.Encoding.UTF8, "application/json") };
            using var answer = await caller.Http.SendAsync(request);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "60"), (answer.StatusCode, answer.Headers.RetryAfter?.ToString()));
            Assert.Contains("Nothing was stored; send the call again in a minute.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        await api.DisposeAsync();
    }

    [Fact]
    public async Task The_audit_says_that_its_newest_entries_are_not_there_yet()
    {
        using var auditor = await Visitor.SignedInAsync(Site, Clinics.Auditor);
        await using (await LockAsync()) Assert.Contains("Newest entries are still being written", (await auditor.PageAsync("/audit")).QuerySelector("[data-waiting]")!.TextContent, StringComparison.Ordinal);
        Assert.Null((await auditor.PageAsync("/audit")).QuerySelector("[data-waiting]"));
    }

    private async Task<DateTimeOffset> ExpiryAsync()
    {
        await using var scope = Site.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().SignInSessions.Select(session => session.ExpiresAt).SingleAsync();
    }

    private static async Task<HttpStatusCode> StatusAsync(Visitor visitor, string path)
    {
        using var answer = await visitor.GetAsync(path);
        await answer.Content.ReadAsByteArrayAsync();
        return answer.StatusCode;
    }

    private Task<HeldLock> LockAsync() => LockAsync(Site);

    private static async Task<HeldLock> LockAsync(Site site)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(site.DataPath, "creditusage.db")};Pooling=False");
        await connection.OpenAsync();
        return new HeldLock(connection, connection.BeginTransaction());
    }

    private sealed record HeldLock(SqliteConnection Connection, SqliteTransaction Transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
    }
}
