using CreditUsage.Domain.Alerts;
using CreditUsage.Features.Alerts;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace CreditUsage.Tests.Features.Alerts;

/// <summary>Who is told of what fired, and what came of it.</summary>
public sealed class SendAlertsTests
{
    private const string One = "one@alert.example";
    private const string Two = "two@alert.example";

    [Fact]
    public async Task Each_address_gets_one_mail_with_what_was_found_and_the_log_keeps_the_outcome()
    {
        await using var clinic = await CrossedAsync();
        await clinic.RunAsync();
        await clinic.RunAsync();

        Assert.Equal([One, Two], clinic.Server.Mails.Select(mail => mail.To));
        using var text = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(clinic.Server.Mails.First().Text));
        var mail = await MimeMessage.LoadAsync(text);
        Assert.Equal("Credit alert: Alert Clinic", mail.Subject);
        Assert.Equal(
            "-1 credit is available, fewer than your threshold of 1.\n\nAlert Clinic, 22/11/2026 12:00 GMT\nSee your alerts: https://credits.example/alerts",
            mail.TextBody!.ReplaceLineEndings("\n").Trim());
        Assert.Equal([$"{One}: Sent, 1: Taken: OK", $"{Two}: Sent, 1: Taken: OK"], await clinic.NoticesAsync());
        Assert.Single(await clinic.FiringsAsync());
        Assert.Equal([$"{One}: sent, Taken: OK", $"{Two}: sent, Taken: OK"], (await clinic.PageAsync()).QuerySelectorAll("[data-firing] td:nth-child(4) div").Select(line => line.TextContent));
    }

    [Fact]
    public async Task The_site_looks_by_itself_every_few_minutes()
    {
        await using var clinic = await CrossedAsync(jobs: true);
        clinic.Site.Clock.SetUtcNow(clinic.Site.Clock.GetUtcNow().AddMinutes(4));
        await Wait.UntilAsync(async () => (await clinic.NoticesAsync()).Contains($"{Two}: Sent, 1: Taken: OK"));
        Assert.Equal(2, clinic.Server.Mails.Count);
    }

    [Fact]
    public async Task What_is_not_taken_is_tried_again_and_what_is_refused_for_good_is_not()
    {
        await using var clinic = await CrossedAsync();
        clinic.Server.Refused = Two;
        clinic.Server.AnswerToRecipient = "451 Later";
        await clinic.RunAsync();
        Assert.Equal(
            [$"{One}: Waiting, 1: The mail server refused the mail: 451 Later", $"{Two}: GivenUp, 1: The mail server refuses the address: 550 No such user"],
            await clinic.NoticesAsync());
        Assert.Equal(
            [$"{One}: not sent yet, The mail server refused the mail: 451 Later", $"{Two}: failed, The mail server refuses the address: 550 No such user"],
            (await clinic.PageAsync()).QuerySelectorAll("[data-firing] td:nth-child(4) div").Select(line => line.TextContent));

        clinic.Server.Refused = null;
        clinic.Server.AnswerToRecipient = "250 OK";
        await clinic.RunAsync();
        await clinic.RunAsync();
        Assert.Equal([One], clinic.Server.Mails.Select(mail => mail.To));
        Assert.Equal($"{One}: Sent, 2: Taken: OK", (await clinic.NoticesAsync())[0]);
        Assert.Equal($"{One}: sent, Taken: OK (2 tries)", (await clinic.PageAsync()).QuerySelector("[data-firing] td:nth-child(4) div")!.TextContent);
    }

    [Fact]
    public async Task What_the_mail_server_had_and_did_not_answer_for_is_not_known_and_not_sent_again_by_itself()
    {
        await using var clinic = await CrossedAsync();
        clinic.Server.BeforeAnswer = _ => Task.FromResult(false);
        await clinic.RunAsync();
        clinic.Server.BeforeAnswer = _ => Task.FromResult(true);
        await clinic.RunAsync();

        Assert.Equal([One, Two], clinic.Server.Mails.Select(mail => mail.To));
        Assert.Equal([One, Two], (await clinic.NoticesAsync()).Select(line => line.Split(": NotKnown, 1: The mail server did not confirm the mail")[0]));
    }

    [Fact]
    public async Task After_a_day_without_success_it_is_given_up()
    {
        await using var clinic = await CrossedAsync();
        clinic.Server.AnswerToRecipient = "451 Later";
        await clinic.RunAsync();
        await clinic.RunAtAsync(clinic.Site.Clock.GetUtcNow() + SendAlerts.GiveUpAfter);
        Assert.StartsWith($"{One}: Waiting, 2: ", (await clinic.NoticesAsync())[0], StringComparison.Ordinal);
        await clinic.RunAtAsync(clinic.Site.Clock.GetUtcNow().AddMinutes(3));
        Assert.StartsWith($"{One}: GivenUp, 3: ", (await clinic.NoticesAsync())[0], StringComparison.Ordinal);
        clinic.Server.AnswerToRecipient = "250 OK";
        await clinic.RunAsync();
        Assert.Empty(clinic.Server.Mails);
    }

    [Fact]
    public async Task What_fired_before_the_site_was_stopped_is_sent_by_the_next_run()
    {
        await using var clinic = await CrossedAsync();
        await clinic.Site.InAsync(clinic.Id, async services =>
        {
            await services.GetRequiredService<EvaluateAlerts>().RunAsync(CancellationToken.None);
            return true;
        });
        Assert.Empty(clinic.Server.Mails);
        Assert.Equal([$"{One}: Waiting, 0: ", $"{Two}: Waiting, 0: "], await clinic.NoticesAsync());

        await clinic.RunAsync();

        Assert.Equal(2, clinic.Server.Mails.Count);
        Assert.Single(await clinic.FiringsAsync());
    }

    [Fact]
    public async Task What_was_told_to_one_before_the_site_was_stopped_is_told_to_the_other_alone()
    {
        await using var clinic = await CrossedAsync();
        using var stop = new CancellationTokenSource();
        clinic.Server.BeforeAnswer = async cancellation =>
        {
            if (clinic.Server.Mails.Count == 2) await stop.CancelAsync();
            return clinic.Server.Mails.Count != 2;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => clinic.Site.Services.GetRequiredService<EvaluateEverySubscription>().RunAsync(stop.Token));
        Assert.Equal([$"{One}: Sent, 1: Taken: OK", $"{Two}: Waiting, 0: "], await clinic.NoticesAsync());

        await clinic.RunAsync();

        Assert.Equal([One, Two, Two], clinic.Server.Mails.Select(mail => mail.To));
    }

    [Fact]
    public async Task Without_a_mail_server_the_page_says_who_can_set_it_up_and_names_no_setting()
    {
        await using var clinic = await CrossedAsync(mail: false);
        await clinic.RunAsync();
        var page = await clinic.PageAsync();
        Assert.Contains("Ask whoever runs the server", page.QuerySelector("[data-no-mail]")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("CreditUsage__", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Single(page.QuerySelectorAll("[data-unseen]"));
        Assert.Equal("Not sent: mail is not set up", page.QuerySelector("[data-firing] td:nth-child(4) div")!.TextContent);
    }

    /// <summary>A balance of -1 credit below a line of 1.</summary>
    private static async Task<AlertClinic> CrossedAsync(bool mail = true, bool jobs = false)
    {
        var clinic = await AlertClinic.OpenAsync(mail, jobs);
        await clinic.AddAsync(AlertKind.BalanceBelow, "1", emails: $"{One}, {Two}");
        await clinic.UseAsync("E1", "2026-11-02", credits: 1);
        return clinic;
    }
}
