using CreditUsage.Domain.Deliveries;
using CreditUsage.Platform.Mail;
using CreditUsage.Tests.Features.Deliveries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MimeKit;

namespace CreditUsage.Tests.Platform.Mail;

/// <summary>A mail server that has the mail and is slow to say so, or never does: nobody gets it twice.</summary>
public sealed class SlowMailServerTests
{
    private static readonly MailTimeout Patience = new(TimeSpan.FromSeconds(4), TimeSpan.FromMinutes(2));

    [Fact]
    public async Task A_delivery_waits_for_the_answer_of_a_server_that_looks_the_mail_over_first()
    {
        await using var clinic = await SendingAsync(Patience);
        clinic.Server.BeforeAnswer = async stop =>
        {
            await Task.Delay(Patience.Talk + TimeSpan.FromSeconds(1), stop);
            return true;
        };

        await clinic.RunAtAsync(DeliveryClinic.Due);

        Assert.Equal((DeliveryState.Sent, "Taken: OK"), (Assert.Single(await clinic.DeliveriesAsync()).State, Assert.Single(await clinic.TriesAsync()).Outcome));
        Assert.Single(clinic.Server.Mails);
    }

    [Fact]
    public async Task A_server_that_hangs_up_once_it_has_the_mail_is_not_sent_it_again_by_itself()
    {
        await using var clinic = await SendingAsync(Patience);
        clinic.Server.BeforeAnswer = _ => Task.FromResult(false);

        await clinic.RunAtAsync(DeliveryClinic.Due);
        clinic.Server.BeforeAnswer = _ => Task.FromResult(true);
        await clinic.RunAtAsync(DeliveryClinic.Due.AddDays(2));

        Assert.Single(clinic.Server.Mails);
        await IsNotKnownAsync(clinic);

        await clinic.TryAgainAsync();
        await clinic.RunAsync();
        Assert.Equal((2, DeliveryState.Sent), (clinic.Server.Mails.Count, (await clinic.DeliveriesAsync())[0].State));
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_and_said_to_be_in_doubt()
    {
        await using var clinic = await SendingAsync(Patience with { Answer = TimeSpan.FromSeconds(1) });
        clinic.Server.BeforeAnswer = NeverAsync;
        await clinic.RunAtAsync(DeliveryClinic.Due);
        await IsNotKnownAsync(clinic);
    }

    [Fact]
    public async Task A_server_that_refuses_the_whole_mail_has_spoken_and_is_tried_again()
    {
        await using var clinic = await SendingAsync(Patience);
        clinic.Server.AnswerToMail = "451 Too busy to look at it";
        await clinic.RunAtAsync(DeliveryClinic.Due);
        Assert.Equal("The mail server refused the mail: 451 Too busy to look at it", Assert.Single(await clinic.TriesAsync()).Outcome);
        Assert.Equal(DeliveryState.Waiting, Assert.Single(await clinic.DeliveriesAsync()).State);
    }

    [Fact]
    public async Task A_server_that_hangs_up_in_the_middle_of_the_mail_cannot_have_it_and_is_tried_again()
    {
        await using var clinic = await SendingAsync(Patience);
        clinic.Server.HangsUpInTheMail = true;
        var large = new MailFile("large.bin", "application/octet-stream", new byte[20_000_000]);

        var outcome = await clinic.Site.Services.GetRequiredService<SendMail>().DeliverAsync(new OutgoingMail(new MailboxAddress("", "a@mail.example"), "Large", "Text", [large]), CancellationToken.None);

        Assert.Equal((false, false, true), (outcome.Taken, outcome.ForGood, outcome.Known));
    }

    [Fact]
    public async Task While_somebody_waits_the_answer_is_waited_for_no_longer_than_the_rest()
    {
        await using var clinic = await SendingAsync(Patience with { Talk = TimeSpan.FromSeconds(2) });
        clinic.Server.BeforeAnswer = NeverAsync;
        var outcome = await clinic.Site.Services.GetRequiredService<SendMail>().SendOnceAsync(new OutgoingMail(new MailboxAddress("", "a@mail.example"), "Test", "Text", []), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((false, false), (outcome.Taken, outcome.Known));
    }

    private static async Task<bool> NeverAsync(CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop);
        return true;
    }

    private static async Task<DeliveryClinic> SendingAsync(MailTimeout patience)
    {
        var clinic = await DeliveryClinic.SendingAsync(change: services => services.Replace(ServiceDescriptor.Singleton(patience)));
        await clinic.CloseAsync();
        return clinic;
    }

    private static async Task IsNotKnownAsync(DeliveryClinic clinic)
    {
        Assert.Equal(DeliveryState.NotKnown, Assert.Single(await clinic.DeliveriesAsync()).State);
        Assert.StartsWith("The mail server did not confirm the mail", Assert.Single(await clinic.TriesAsync()).Outcome, StringComparison.Ordinal);
        Assert.Equal("CreditUsage: Deliver: October 2026: v1 to owner@delivery.example: not known whether it was taken after 1 try", (await clinic.AuditAsync())[^1]);
        var row = (await clinic.PageAsync(DeliveryClinic.Administrator)).QuerySelector("[data-state=NotKnown]")!;
        Assert.Contains("May not have arrived", row.TextContent, StringComparison.Ordinal);
        Assert.NotNull(row.QuerySelector("form button"));
    }
}
