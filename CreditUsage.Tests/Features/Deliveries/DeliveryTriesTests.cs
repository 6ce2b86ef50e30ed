using CreditUsage.Domain.Deliveries;
using CreditUsage.Features.Deliveries;
using CreditUsage.Tests.Support;
using static CreditUsage.Tests.Features.Deliveries.DeliveryClinic;

namespace CreditUsage.Tests.Features.Deliveries;

/// <summary>A mail server that refuses, is away or hangs.</summary>
public sealed class DeliveryTriesTests
{
    /// <summary>After each failure but the last.</summary>
    private static readonly int[] PauseMinutes = [5, 15, 60, 4 * 60, 12 * 60, 24 * 60];

    [Fact]
    public async Task What_fails_is_tried_again_after_growing_pauses_and_then_given_up_until_somebody_takes_it_up()
    {
        await using var clinic = await SendingAsync();
        await clinic.CloseAsync();
        clinic.Server.AnswerToRecipient = "451 Try later";
        var expected = new List<DateTimeOffset> { Due };
        await clinic.RunAtAsync(Due);
        foreach (var pause in PauseMinutes)
        {
            await clinic.RunAtAsync(expected[^1].AddMinutes(pause).AddSeconds(-1));
            expected.Add(expected[^1].AddMinutes(pause));
            await clinic.RunAtAsync(expected[^1]);
        }
        await clinic.RunAtAsync(Due.AddDays(20));

        Assert.Equal(expected, (await clinic.TriesAsync()).Select(one => one.At));
        Assert.All(await clinic.TriesAsync(), one => Assert.Equal((false, "The mail server refused the mail: 451 Try later"), (one.Sent, one.Outcome)));
        Assert.Equal(DeliveryState.GivenUp, Assert.Single(await clinic.DeliveriesAsync()).State);
        Assert.Equal("CreditUsage: Deliver: October 2026: v1 to owner@delivery.example: given up after 7 tries", (await clinic.AuditAsync())[^1]);
        var row = (await clinic.PageAsync()).QuerySelector("[data-state=GivenUp]")!;
        Assert.Equal((7, 0), (row.QuerySelectorAll("li").Length, row.QuerySelectorAll("form").Length));

        clinic.Server.AnswerToRecipient = "250 OK";
        await clinic.TryAgainAsync();
        await clinic.RunAsync();

        Assert.Single(clinic.Mails);
        Assert.Equal((DeliveryState.Sent, 8), ((await clinic.DeliveriesAsync())[0].State, (await clinic.DeliveriesAsync())[0].Attempts));
    }

    [Fact]
    public async Task An_address_that_the_mail_server_refuses_for_good_is_given_up_at_once_and_the_others_get_theirs()
    {
        await using var clinic = await SendingAsync();
        await clinic.AddAsync(clinic.Id, "accountant@delivery.example");
        await clinic.CloseAsync();
        clinic.Server.Refused = Owner;

        await clinic.RunAtAsync(Due);
        await clinic.RunAtAsync(Due.AddDays(2));

        Assert.Equal([DeliveryState.GivenUp, DeliveryState.Sent], (await clinic.DeliveriesAsync()).Select(row => row.State));
        Assert.Equal(["The mail server refuses the address: 550 No such user", "Taken: OK"], (await clinic.TriesAsync()).Select(one => one.Outcome));
        Assert.Equal("accountant@delivery.example", Assert.Single(clinic.Server.Mails).To);
    }

    [Fact]
    public async Task A_mail_server_that_hangs_holds_up_no_page_and_is_tried_again()
    {
        await using var clinic = await SendingAsync();
        await clinic.CloseAsync();
        clinic.Server.IsDumb = true;
        clinic.Site.Clock.SetUtcNow(Due);
        using var visitor = await Visitor.SignedInAsync(clinic.Site, Auditor);

        var run = clinic.RunAsync();
        await UntilBegunAsync(clinic);
        Assert.Equal("Sending", (await visitor.PageAsync("/deliveries")).QuerySelector("[data-state=Waiting]")!.Children[3].TextContent.Trim());
        Assert.False(run.IsCompleted);
        await run;

        Assert.Equal("The mail server did not answer in time.", Assert.Single(await clinic.TriesAsync()).Outcome);
        clinic.Server.IsDumb = false;
        await clinic.RunAtAsync(Due.AddMinutes(5));
        Assert.Single(clinic.Mails);
    }

    [Fact]
    public async Task A_mail_server_that_is_away_is_said_to_be()
    {
        await using var clinic = await SendingAsync();
        await clinic.CloseAsync();
        await clinic.Server.DisposeAsync();

        await clinic.RunAtAsync(Due);

        Assert.StartsWith("The mail server could not be reached:", Assert.Single(await clinic.TriesAsync()).Outcome, StringComparison.Ordinal);
        Assert.Equal(Due.AddMinutes(5), Assert.Single(await clinic.DeliveriesAsync()).NextAttemptAt);
    }

    [Fact]
    public async Task A_try_that_the_end_of_the_site_cut_short_is_not_repeated_by_itself()
    {
        await using var clinic = await SendingAsync();
        await clinic.CloseAsync();
        clinic.Server.IsDumb = true;
        clinic.Site.Clock.SetUtcNow(Due);
        using var end = new CancellationTokenSource();
        var run = clinic.RunAsync(end.Token);
        await UntilBegunAsync(clinic);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        clinic.Server.IsDumb = false;
        await clinic.RunAtAsync(Due + SendDelivery.Lease.Subtract(TimeSpan.FromMinutes(1)));
        Assert.Empty(await clinic.TriesAsync());

        await clinic.RunAtAsync(Due + SendDelivery.Lease);

        Assert.Empty(clinic.Mails);
        Assert.Contains("the mail may not have arrived", Assert.Single(await clinic.TriesAsync()).Outcome, StringComparison.Ordinal);
        Assert.Equal(DeliveryState.NotKnown, Assert.Single(await clinic.DeliveriesAsync()).State);
        await clinic.TryAgainAsync();
        await clinic.RunAsync();
        Assert.Single(clinic.Mails);
    }

    [Fact]
    public async Task A_PDF_that_is_not_what_was_saved_is_not_sent()
    {
        await using var clinic = await SendingAsync();
        var closing = await clinic.CloseAsync();
        await File.AppendAllTextAsync(Path.Combine(clinic.Site.DataPath, "reports", closing.PdfSha256[..2], closing.PdfSha256 + ".pdf"), " ");

        await clinic.RunAtAsync(Due);

        Assert.Empty(clinic.Mails);
        Assert.Contains("has changed since it was saved", Assert.Single(await clinic.TriesAsync()).Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_was_removed_while_it_waited_gets_nothing()
    {
        await using var clinic = await SendingAsync();
        await clinic.CloseAsync();
        clinic.Server.AnswerToRecipient = "451 Try later";
        await clinic.RunAtAsync(Due);
        clinic.Server.AnswerToRecipient = "250 OK";
        using var administrator = await Visitor.SignedInAsync(clinic.Site, Administrator);
        var id = (await administrator.PageAsync("/deliveries")).QuerySelector("[data-recipient]")!.GetAttribute("data-recipient")!;
        using var removed = await administrator.PostAsync("/deliveries", "/deliveries?handler=Remove", new Dictionary<string, string> { ["id"] = id });

        await clinic.RunAtAsync(Due.AddMinutes(5));

        Assert.Empty(clinic.Mails);
        Assert.Equal("The recipient was removed.", (await clinic.TriesAsync())[^1].Outcome);
    }

    private static Task UntilBegunAsync(DeliveryClinic clinic) => Wait.UntilAsync(async () => (await clinic.DeliveriesAsync()) is [{ Attempts: 1 }]);
}
