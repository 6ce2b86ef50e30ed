using System.Net;
using CreditUsage.Core.Webhooks;
using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Webhooks;
using CreditUsage.Features.Alerts;
using CreditUsage.Features.Webhooks;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Features.Deliveries;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static CreditUsage.Tests.Features.Deliveries.DeliveryClinic;

namespace CreditUsage.Tests.Features.Webhooks;

/// <summary>Messages to a real receiver on the loopback, which a setting allows.</summary>
public sealed class WebhookTests
{
    private const string Page = "/webhooks";

    [Fact]
    public async Task Each_event_is_told_once_signed_and_without_a_clients_name()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var clinic = await AllowedAsync(jobs: true);
        using var administrator = await Visitor.SignedInAsync(clinic.Site, Administrator);
        var secret = await AddAsync(administrator, receiver, WebhookEvents.All);

        var closing = await clinic.CloseAsync();
        await clinic.ReopenAsync();
        await clinic.Site.InAsync(clinic.Id, async services =>
        {
            services.GetRequiredService<CreditUsageDb>().Add(new AlertRule { SubscriptionId = clinic.Id, Kind = AlertKind.BalanceBelow, Line = 1_000, Emails = "", SetBy = "test", SetAt = clinic.Site.Clock.GetUtcNow() });
            await services.GetRequiredService<CreditUsageDb>().SaveChangesAsync();
            await services.GetRequiredService<EvaluateAlerts>().RunAsync(CancellationToken.None);
            return true;
        });
        using (var saved = await administrator.PostAsync("/usage-report?year=2026&month=10&sessions=true&topUps=true", "/usage-report/pdf?year=2026&month=10&sessions=true&topUps=true")) { }
        var import = await administrator.CheckedAsync(clinic.Site, clinic.Id, CsvText.Of([CsvRow.Session("I1", "2026-11-02T09:00:00Z")]), "usage.csv");
        await administrator.StoreAsync(clinic.Site, clinic.Id, import.Id);
        await SendAsync(clinic);
        await SendAsync(clinic);

        await Wait.UntilAsync(async () => await clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CreditUsageDb>().WebhookMessages.AllAsync(message => message.State == WebhookState.Delivered)));

        Assert.Equal(WebhookEvents.All.Order(), receiver.Received.Select(message => message.Type).Order());
        Assert.All(receiver.Received, message => Assert.True(message.IsSignedBy(secret)));
        Assert.All(receiver.Received, message => Assert.DoesNotContain("Ann", message.Body, StringComparison.Ordinal));
        Assert.Equal(6, receiver.Received.Select(message => message.Id).Distinct().Count());
        var closed = receiver.Received.Single(message => message.Type == WebhookEvents.MonthClosed).Data;
        Assert.Equal(("2026-10", 1, 300L, closing.PdfSha256), (closed.GetProperty("month").GetString(), closed.GetProperty("version").GetInt32(), closed.GetProperty("cost_pence").GetInt64(), closed.GetProperty("pdf_sha256").GetString()));
        Assert.Equal(6, (await administrator.PageAsync(Page)).QuerySelectorAll("[data-message][data-state=Delivered]").Length);
    }

    [Fact]
    public async Task What_is_not_taken_comes_again_with_growing_pauses_and_is_given_up_after_three_days_until_somebody_sends_it_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var clinic = await AllowedAsync(jobs: true);
        using var administrator = await Visitor.SignedInAsync(clinic.Site, Administrator);
        await AddAsync(administrator, receiver, [WebhookEvents.MonthClosed]);
        receiver.Answer = number => number == 0 ? HttpStatusCode.Found : HttpStatusCode.InternalServerError;
        await clinic.CloseAsync();
        foreach (var pause in SendWebhooks.Pauses)
        {
            var before = await OnlyAsync(clinic);
            if (before.Attempts == 0) await SendAsync(clinic);
            // The site's own job may have taken it first.
            await Wait.UntilAsync(async () => await OnlyAsync(clinic) is { State: WebhookState.Waiting } waiting && waiting.NextAttemptAt == clinic.Site.Clock.GetUtcNow() + pause);
            clinic.Site.Clock.Advance(pause);
            await SendAsync(clinic);
        }

        await Wait.UntilAsync(async () => (await OnlyAsync(clinic)).State == WebhookState.GivenUp);
        Assert.Equal(SendWebhooks.Pauses.Count + 1, receiver.Received.Count);
        Assert.True(SendWebhooks.Pauses.Aggregate(TimeSpan.Zero, (sum, pause) => sum + pause) >= TimeSpan.FromDays(2.9));
        Assert.Single(receiver.Received.Select(message => message.Id).Distinct());
        using var later = await Visitor.SignedInAsync(clinic.Site, Administrator);
        var row = (await later.PageAsync(Page)).QuerySelector("[data-message]")!;
        Assert.Contains("Answered 302.", row.TextContent, StringComparison.Ordinal);
        receiver.Answer = _ => HttpStatusCode.NoContent;
        using (await later.PostAsync(Page, Page + "?handler=Again", new Dictionary<string, string> { ["message"] = row.GetAttribute("data-message")! })) { }
        await Wait.UntilAsync(async () => (await OnlyAsync(clinic)).State == WebhookState.Delivered);
    }

    [Fact]
    public async Task A_message_whose_process_was_killed_while_it_was_sent_is_sent_again_and_runs_at_the_same_time_send_one()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var clinic = await AllowedAsync();
        using var administrator = await Visitor.SignedInAsync(clinic.Site, Administrator);
        await AddAsync(administrator, receiver, [WebhookEvents.MonthClosed]);
        await clinic.CloseAsync();
        // As a process leaves it that took the message and died.
        await clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CreditUsageDb>().WebhookMessages.ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, clinic.Site.Clock.GetUtcNow() + SendWebhooks.Lease).SetProperty(row => row.Attempts, 1)));
        await SendAsync(clinic);
        Assert.Empty(receiver.Received);
        clinic.Site.Clock.Advance(SendWebhooks.Lease);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SendAsync(clinic)));

        Assert.Single(receiver.Received);
        Assert.Equal(WebhookState.Delivered, (await OnlyAsync(clinic)).State);
    }

    [Fact]
    public async Task After_a_new_secret_both_sign_for_a_day_and_what_is_gone_or_removed_gets_nothing()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var clinic = await AllowedAsync();
        using var administrator = await Visitor.SignedInAsync(clinic.Site, Administrator);
        var former = await AddAsync(administrator, receiver, [WebhookEvents.MonthClosed, WebhookEvents.MonthReopened]);
        var id = (await administrator.PageAsync(Page)).QuerySelector("[data-endpoint]")!.GetAttribute("data-endpoint")!;
        using var rotated = await administrator.PostAsync(Page, Page + "?handler=Rotate", new Dictionary<string, string> { ["id"] = id });
        var latest = (await Visitor.ReadAsync(rotated)).QuerySelector("[data-secret]")!.TextContent;
        Assert.NotEqual(former, latest);
        await clinic.CloseAsync();
        await SendAsync(clinic);
        Assert.True(receiver.Received.Last().IsSignedBy(former) && receiver.Received.Last().IsSignedBy(latest));
        clinic.Site.Clock.Advance(ChangeWebhooks.Overlap);
        receiver.Answer = _ => HttpStatusCode.Gone;
        await clinic.ReopenAsync();
        await SendAsync(clinic);
        Assert.False(receiver.Received.Last().IsSignedBy(former));

        await clinic.CloseAsync();
        await SendAsync(clinic);

        Assert.Equal(2, receiver.Received.Count);
        Assert.Empty((await administrator.PageAsync(Page)).QuerySelectorAll("[data-endpoint]"));
        Assert.Equal(1, await clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CreditUsageDb>().WebhookMessages.CountAsync(message => message.State == WebhookState.GivenUp)));
        // No file of the database holds a secret.
        Assert.DoesNotContain(latest["whsec_".Length..], await clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CreditUsageDb>().WebhookEndpoints.Select(endpoint => endpoint.Secret + endpoint.FormerSecret).SingleAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://system.example/hook", "begins with https")]
    [InlineData("https://127.0.0.1/hook", "public address")]
    [InlineData("https://localhost/hook", "public address")]
    [InlineData("https://10.1.2.3/hook", "public address")]
    [InlineData("https://[::1]/hook", "public address")]
    [InlineData("https://[fd00::1]/hook", "public address")]
    [InlineData("https://[::ffff:192.168.1.1]/hook", "public address")]
    [InlineData("https://169.254.169.254/latest", "public address")]
    [InlineData("https://[64:ff9b::a00:5]/hook", "public address")]
    [InlineData("https://[2002:a00:5::1]/hook", "public address")]
    [InlineData("https://[2001::1]/hook", "public address")]
    [InlineData("https://[::10.0.0.5]/hook", "public address")]
    [InlineData("https://user:word@system.example/", "without a password")]
    [InlineData("ftp://system.example/", "Enter an address")]
    [InlineData("system.example", "Enter an address")]
    [InlineData("", "Enter an address")]
    public async Task An_address_that_leads_inside_or_is_none_is_refused(string url, string fault)
    {
        await using var clinic = await OpenAsync();
        using var administrator = await Visitor.SignedInAsync(clinic.Site, Administrator);
        using var answer = await administrator.PostAsync(Page, Page + "?handler=Add", new Dictionary<string, string> { ["url"] = url, ["events"] = WebhookEvents.MonthClosed });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(fault, (await Visitor.ReadAsync(answer)).QuerySelector("#url-fault")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_leads_inside_is_not_called_and_nobody_else_sees_or_changes_webhooks()
    {
        await using var clinic = await OpenAsync();
        using var administrator = await Visitor.SignedInAsync(clinic.Site, Administrator);
        using (await administrator.PostAsync(Page, Page + "?handler=Add", new Dictionary<string, string> { ["url"] = "https://system.example/hook", ["events"] = WebhookEvents.MonthClosed })) { }
        // As a name would lead that was public when it was entered.
        await clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CreditUsageDb>().WebhookEndpoints.ExecuteUpdateAsync(set => set.SetProperty(endpoint => endpoint.Url, "https://127.0.0.1:1/hook")));
        await clinic.CloseAsync();
        await SendAsync(clinic);
        Assert.Contains("leads to no public address", (await administrator.PageAsync(Page)).QuerySelector("[data-message]")!.TextContent, StringComparison.Ordinal);

        using var auditor = await Visitor.SignedInAsync(clinic.Site, Auditor);
        Assert.Null((await auditor.PageAsync(Page)).QuerySelector("main form"));
        using var refused = await auditor.PostAsync(Page, Page + "?handler=Remove", new Dictionary<string, string> { ["id"] = "1" });
        Assert.Contains("AccessDenied", refused.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var other = await clinic.Site.SubscriptionAsync("Other", October.Start);
        await clinic.Site.UserAsync(other, "other@delivery.example", Roles.Administrator);
        using var stranger = await Visitor.SignedInAsync(clinic.Site, "other@delivery.example");
        Assert.Empty((await stranger.PageAsync(Page)).QuerySelectorAll("[data-endpoint], [data-message]"));
        var id = (await administrator.PageAsync(Page)).QuerySelector("[data-endpoint]")!.GetAttribute("data-endpoint")!;
        using var foreign = await stranger.PostAsync(Page, Page + "?handler=Remove", new Dictionary<string, string> { ["id"] = id });
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    private static async Task<DeliveryClinic> AllowedAsync(bool jobs = false) => await OpenAsync(jobs: jobs, settings: site => site.With("CreditUsage:Webhooks:AllowPrivateTargets", "true"));

    private static async Task<string> AddAsync(Visitor administrator, WebhookReceiver receiver, IReadOnlyList<string> events)
    {
        var form = events.Select(name => KeyValuePair.Create("events", name)).Prepend(KeyValuePair.Create("url", receiver.Address.ToString()));
        using var answer = await administrator.PostAsync(Page, Page + "?handler=Add", form);
        return (await Visitor.ReadAsync(answer)).QuerySelector("[data-secret]")!.TextContent;
    }

    private static Task SendAsync(DeliveryClinic clinic) => clinic.Site.Services.GetRequiredService<SendWebhooksOfEverySubscription>().RunAsync(CancellationToken.None);

    private static Task<WebhookMessage> OnlyAsync(DeliveryClinic clinic) => clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CreditUsageDb>().WebhookMessages.AsNoTracking().SingleAsync());
}
