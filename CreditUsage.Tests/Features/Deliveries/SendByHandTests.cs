using System.Net;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using static CreditUsage.Tests.Features.Deliveries.DeliveryClinic;

namespace CreditUsage.Tests.Features.Deliveries;

/// <summary>Send now and again, and sending as soon as a month is closed.</summary>
public sealed class SendByHandTests
{
    private const string Month = "/deliveries/send?month=2026-10";

    [Fact]
    public async Task A_closed_month_is_sent_now_and_again_although_months_are_not_sent_by_themselves()
    {
        await using var clinic = await OpenAsync(jobs: true);
        await clinic.AddAsync(clinic.Id, Owner);
        await clinic.AddAsync(clinic.Id, "accountant@delivery.example");
        using var finance = await Visitor.SignedInAsync(clinic.Site, Finance);
        using var open = await finance.GetAsync(Month);
        Assert.Equal(HttpStatusCode.NotFound, open.StatusCode);
        Assert.Null((await finance.PageAsync("/months/2026-10")).QuerySelector("a[href^='/deliveries/send']"));
        await clinic.CloseAsync();
        Assert.Equal("Send now", (await finance.PageAsync("/months/2026-10")).QuerySelector("a[href='/deliveries/send?month=2026-10']")!.TextContent);

        Assert.Equal(["Not sent yet", "Not sent yet"], States(await finance.PageAsync(Month)));
        using (var sent = await finance.PostAsync(Month, Month, new Dictionary<string, string> { ["to"] = "" })) Assert.Equal("/deliveries", sent.Headers.Location!.OriginalString);
        Assert.Contains("October 2026, version 1 is being sent to 2 recipients.", (await finance.PageAsync("/deliveries")).QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        await Wait.UntilAsync(async () => (await clinic.DeliveriesAsync()).All(delivery => delivery.State == DeliveryState.Sent));

        Assert.Equal([Owner, "accountant@delivery.example"], clinic.Server.Mails.Select(mail => mail.To));
        Assert.Contains($"{Finance}: Deliver: October 2026: v1: to 2 recipients by hand", await clinic.AuditAsync());
        Assert.Equal("Send again", (await finance.PageAsync("/months/2026-10")).QuerySelector("a[href='/deliveries/send?month=2026-10']")!.TextContent);
        var page = await finance.PageAsync(Month);
        Assert.All(States(page), state => Assert.StartsWith("Sent 22/11/2026 12:00 GMT", state, StringComparison.Ordinal));
        var person = page.QuerySelectorAll("[data-recipient]").Single(row => row.TextContent.Contains(Owner, StringComparison.Ordinal)).GetAttribute("data-recipient")!;
        using (await finance.PostAsync(Month, Month, new Dictionary<string, string> { ["to"] = person })) { }
        await Wait.UntilAsync(() => clinic.Server.Mails.Count == 3);
        Assert.Equal(Owner, clinic.Server.Mails.Last().To);
        Assert.Equal(2, (await clinic.DeliveriesAsync()).Count);
    }

    [Fact]
    public async Task What_was_sent_by_hand_is_not_sent_again_by_the_schedule_and_off_stays_off()
    {
        await using var clinic = await SendingAsync();
        await clinic.CloseAsync();
        await clinic.SetAsync(clinic.Id, sending: "off");
        await clinic.RunAtAsync(Due);
        Assert.Empty(clinic.Mails);
        await SendAsync(clinic);
        await clinic.RunAsync();
        Assert.Single(clinic.Mails);

        await clinic.SetAsync(clinic.Id);
        await clinic.RunAtAsync(Due.AddDays(1));

        Assert.Single(clinic.Mails);
    }

    [Fact]
    public async Task A_saved_report_is_sent_with_its_PDF_and_named_in_the_log()
    {
        await using var clinic = await OpenAsync(jobs: true);
        await clinic.AddAsync(clinic.Id, Owner);
        await clinic.CloseAsync();
        using var finance = await Visitor.SignedInAsync(clinic.Site, Finance);
        var address = (await finance.PageAsync("/saved-reports")).QuerySelector("a[href^='/deliveries/send?report=']")!;
        Assert.Equal("Send now", address.TextContent);

        using (await finance.PostAsync(address.GetAttribute("href")!, address.GetAttribute("href")!, new Dictionary<string, string> { ["to"] = "" })) { }
        await Wait.UntilAsync(async () => (await clinic.DeliveriesAsync()).Exists(delivery => delivery.State == DeliveryState.Sent));

        var mail = Assert.Single(clinic.Mails);
        Assert.Equal("Report 1, version 1: October 2026", mail.Subject);
        Assert.Equal(["Credit Usage Report 2026-10 - closed v1.pdf"], mail.Attachments.Select(file => file.ContentDisposition!.FileName));
        Assert.Contains("2 rows, 6 credits, £3.00.", mail.TextBody, StringComparison.Ordinal);
        Assert.Equal("October 2026, report 1", (await clinic.PageAsync()).QuerySelector("[data-delivery] th")!.TextContent.Trim());
        Assert.Equal("Send again", (await finance.PageAsync("/saved-reports")).QuerySelector("a[href^='/deliveries/send?report=']")!.TextContent);
        Assert.Contains("CreditUsage: Deliver: October 2026: report 1 to owner@delivery.example: sent after 1 try", await clinic.AuditAsync());
        // The month itself is a delivery of its own.
        Assert.Equal("Send now", (await finance.PageAsync("/months/2026-10")).QuerySelector("a[href='/deliveries/send?month=2026-10']")!.TextContent);
    }

    [Fact]
    public async Task A_month_is_sent_as_soon_as_it_is_closed_where_that_is_chosen()
    {
        await using var clinic = await OpenAsync();
        using var finance = await Visitor.SignedInAsync(clinic.Site, Finance);
        var version = FormVersionOf(await finance.PageAsync("/deliveries"));
        using (await finance.PostAsync("/deliveries", "/deliveries?handler=Terms", new Dictionary<string, string> { ["Version"] = version, ["Sending"] = "on", ["When"] = "closed", ["Day"] = "28", ["Hour"] = "6", ["Content"] = "link" })) { }
        await clinic.AddAsync(clinic.Id, Owner);
        var page = await clinic.PageAsync();
        Assert.Contains("As soon as a month is closed, with a link to the saved report, from October 2026 on. October 2026 will be sent as soon as it is closed.", page.QuerySelector("[data-deliveries=on]")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("[data-waits]"));
        await clinic.RunAsync();
        Assert.Empty(clinic.Mails);

        await clinic.CloseAsync();
        await clinic.RunAsync();

        Assert.Equal("Credit Usage Report October 2026, version 1", Assert.Single(clinic.Mails).Subject);
        Assert.Contains("November 2026 will be sent as soon as it is closed.", (await clinic.PageAsync()).QuerySelector("[data-deliveries=on]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("On: when a month is closed, a link, from October 2026 on", (await clinic.AuditAsync()).Single(entry => entry.Contains("On: ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_recipients_mail_or_the_right_nothing_is_sent_and_another_clinic_finds_nothing()
    {
        await using var clinic = await OpenAsync();
        await clinic.CloseAsync();
        using var finance = await Visitor.SignedInAsync(clinic.Site, Finance);
        Assert.Contains("There are no recipients yet.", (await finance.PageAsync(Month)).Body!.TextContent, StringComparison.Ordinal);
        using var nobody = await finance.PostAsync(Month, Month, new Dictionary<string, string> { ["to"] = "" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, nobody.StatusCode);
        using var auditor = await Visitor.SignedInAsync(clinic.Site, Auditor);
        using var refused = await auditor.GetAsync(Month);
        Assert.Contains("AccessDenied", refused.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var other = await clinic.Site.SubscriptionAsync("Other", October.Start);
        await clinic.Site.UserAsync(other, "other@delivery.example", Roles.FinanceAdministrator);
        using var stranger = await Visitor.SignedInAsync(clinic.Site, "other@delivery.example");
        using var foreign = await stranger.GetAsync(Month);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Empty(await clinic.DeliveriesAsync());

        await using var silent = await OpenAsync(mail: false);
        await silent.AddAsync(silent.Id, Owner);
        await silent.CloseAsync();
        using var unmailed = await Visitor.SignedInAsync(silent.Site, Finance);
        Assert.Contains("This server does not send e-mail.", (await unmailed.PageAsync(Month)).Body!.TextContent, StringComparison.Ordinal);
    }

    /// <summary>As the page does, without the job engine, which does not run.</summary>
    private static async Task SendAsync(DeliveryClinic clinic)
    {
        using var finance = await Visitor.SignedInAsync(clinic.Site, Finance);
        using var answer = await finance.PostAsync(Month, Month, new Dictionary<string, string> { ["to"] = "" });
        Assert.Single(await clinic.DeliveriesAsync());
    }

    private static string FormVersionOf(AngleSharp.Dom.IDocument page) => page.QuerySelector("input[name=Version]")!.GetAttribute("value")!;

    private static IReadOnlyList<string> States(AngleSharp.Dom.IDocument page) => [.. page.QuerySelectorAll("[data-recipient]").Select(row => row.Children[2].TextContent)];
}
