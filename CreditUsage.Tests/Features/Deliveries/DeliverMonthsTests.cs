using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using static CreditUsage.Tests.Features.Deliveries.DeliveryClinic;

namespace CreditUsage.Tests.Features.Deliveries;

/// <summary>What is sent, when, and that it is sent once.</summary>
public sealed class DeliverMonthsTests
{
    [Fact]
    public async Task A_closed_month_goes_out_at_its_hour_to_each_person_with_the_saved_PDF_and_its_CSV()
    {
        await using var clinic = await SendingAsync(paper: true);
        await clinic.AddAsync(clinic.Id, "accountant@delivery.example");
        var closing = await clinic.CloseAsync();
        await clinic.RunAtAsync(Due.AddSeconds(-1));
        Assert.Empty(clinic.Mails);

        await clinic.RunAtAsync(Due);

        Assert.Equal([Owner, "accountant@delivery.example"], clinic.Server.Mails.Select(mail => mail.To));
        var mail = clinic.Mails[0];
        Assert.Equal("Credit Usage Report October 2026, version 1", mail.Subject);
        Assert.Equal("\"Olga Owner\" <owner@delivery.example>", mail.To.ToString());
        Assert.Equal(closing.PdfSha256, Convert.ToHexStringLower(SHA256.HashData(File(mail, "Credit Usage Report 2026-10 - closed v1.pdf"))));
        var rows = Encoding.UTF8.GetString(File(mail, "Credit Usage Report 2026-10 - closed v1.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split(',')).ToList();
        Assert.Equal((2, 6, 3.00m), (rows.Count, rows.Sum(row => int.Parse(row[8], CultureInfo.InvariantCulture)), rows.Sum(row => decimal.Parse(row[9], CultureInfo.InvariantCulture))));
        foreach (var part in new[] { Totals, "Delivery Clinic", $"Report 1. SHA-256 of the PDF:\n{closing.PdfSha256}", "https://credits.example/verify" })
            Assert.Contains(part, Text(mail), StringComparison.Ordinal);
        Assert.DoesNotContain("Ann Client", Text(mail) + mail.Subject, StringComparison.Ordinal);
        Assert.Equal("CreditUsage: Deliver: October 2026: v1 to owner@delivery.example: sent after 1 try", (await clinic.AuditAsync())[^2]);
        Assert.StartsWith("Sent 23/11/2026 06:00 GMT", (await clinic.PageAsync()).QuerySelector("[data-state=Sent]")!.Children[3].TextContent.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_month_is_not_sent_the_page_says_so_and_it_goes_out_once_it_is_closed()
    {
        await using var clinic = await SendingAsync();
        await clinic.RunAtAsync(Due.AddDays(2));
        Assert.Empty(clinic.Mails);
        Assert.Equal("October 2026 is not closed yet. It will be sent once it is.", (await clinic.PageAsync()).QuerySelector("[data-waits]")!.TextContent);

        await clinic.CloseAsync();
        await clinic.RunAsync();

        Assert.Single(clinic.Mails);
        Assert.Null((await clinic.PageAsync()).QuerySelector("[data-waits]"));
    }

    [Fact]
    public async Task Runs_at_the_same_time_and_later_ones_send_it_once()
    {
        await using var clinic = await SendingAsync();
        await clinic.CloseAsync();
        clinic.Site.Clock.SetUtcNow(Due.AddDays(3));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => clinic.RunAsync())));
        await clinic.RunAsync();
        await clinic.RunAtAsync(Due.AddDays(30));

        Assert.Single(clinic.Mails);
        Assert.Single(await clinic.TriesAsync());
    }

    [Fact]
    public async Task The_sites_own_run_sends_what_became_due_while_it_was_not_running()
    {
        await using var clinic = await SendingAsync(jobs: true);
        await clinic.CloseAsync();
        clinic.Site.Clock.SetUtcNow(Due.AddHours(5));

        await Wait.UntilAsync(async () => (await clinic.DeliveriesAsync()) is [{ State: DeliveryState.Sent }]);

        Assert.Single(clinic.Mails);
    }

    [Fact]
    public async Task A_restated_month_goes_out_again_and_says_what_it_replaces()
    {
        await using var clinic = await SendingAsync();
        await clinic.CloseAsync();
        await clinic.RunAtAsync(Due);
        await clinic.ReopenAsync();
        await clinic.RunAsync();
        Assert.Single(clinic.Mails);

        var closing = await clinic.CloseAsync();
        await clinic.RunAsync();
        await clinic.RunAsync();

        Assert.Equal(2, clinic.Mails.Count);
        Assert.Equal("Credit Usage Report October 2026, version 2, replaces version 1", clinic.Mails[1].Subject);
        Assert.Contains("It replaces version 1: the month was reopened and closed again.", Text(clinic.Mails[1]), StringComparison.Ordinal);
        Assert.Equal(closing.PdfSha256, Convert.ToHexStringLower(SHA256.HashData(File(clinic.Mails[1], "Credit Usage Report 2026-10 - restated v2.pdf"))));
    }

    [Fact]
    public async Task A_version_that_could_not_be_sent_before_its_month_was_reopened_is_never_sent()
    {
        await using var clinic = await SendingAsync();
        await clinic.CloseAsync();
        clinic.Server.AnswerToRecipient = "451 Later";
        await clinic.RunAtAsync(Due);
        await clinic.ReopenAsync();
        clinic.Server.AnswerToRecipient = "250 OK";
        await clinic.RunAtAsync(Due.AddMinutes(5));
        Assert.Equal("October 2026 was reopened before this version was sent. The next version will be sent once the month is closed.", (await clinic.TriesAsync())[^1].Outcome);

        await clinic.CloseAsync();
        await clinic.RunAsync();

        Assert.Equal("Credit Usage Report October 2026, version 2, replaces version 1", Assert.Single(clinic.Mails).Subject);
    }

    [Fact]
    public async Task It_waits_until_the_nights_top_ups_have_been_charged()
    {
        await using var clinic = await SendingAsync();
        await clinic.CloseAsync();
        await clinic.Site.InAsync(clinic.Id, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            await db.Subscriptions.Where(row => row.Id == clinic.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.ChargesTopUpsFrom, October.Start));
            var (added, faults) = await services.GetRequiredService<CreditUsage.Features.Schedules.AddSchedule>().RunAsync(
                new ScheduleInput("1306158990", "Sleep", "", "", "Front desk", "S1", "Sam Staff", "2026-10-31", "2026-10-31"), CancellationToken.None);
            Assert.Empty(faults);
            return added;
        });
        await clinic.RunAtAsync(Due);
        Assert.Empty(clinic.Mails);
        Assert.Equal("October 2026 will be sent once last night's top-ups are charged.", (await clinic.PageAsync()).QuerySelector("[data-waits]")!.TextContent);

        Assert.Equal(1, await clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CreditUsage.Features.Schedules.ChargeTopUps>().RunAsync(CancellationToken.None)));
        await clinic.RunAsync();

        Assert.Contains(Totals, Text(Assert.Single(clinic.Mails)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_subscriptions_people_get_nothing_and_see_nothing()
    {
        await using var clinic = await SendingAsync();
        var other = await clinic.Site.SubscriptionAsync("Other Clinic", October.Start);
        await clinic.SetAsync(other);
        await clinic.AddAsync(other, "owner@other.example");
        await clinic.Site.UserAsync(other, "administrator@other.example", Roles.Administrator);
        await clinic.CloseAsync();

        await clinic.RunAtAsync(Due);

        Assert.Equal([Owner], clinic.Server.Mails.Select(mail => mail.To));
        var page = await clinic.PageAsync("administrator@other.example");
        Assert.Empty(page.QuerySelectorAll("[data-delivery]"));
        Assert.Equal("owner@other.example", Assert.Single(page.QuerySelectorAll("[data-recipient]")).Children[1].TextContent);
    }

    [Fact]
    public async Task A_month_from_before_deliveries_were_switched_on_and_people_added_after_it_went_out_are_left_alone()
    {
        await using var clinic = await OpenAsync();
        await clinic.CloseAsync();
        clinic.Site.Clock.SetUtcNow(Due.AddMinutes(1));
        await clinic.SetAsync(clinic.Id);
        await clinic.AddAsync(clinic.Id, Owner);
        await clinic.RunAsync();
        Assert.Empty(clinic.Mails);
        Assert.Contains("from November 2026 on", (await clinic.PageAsync()).QuerySelector("[data-deliveries=on]")!.TextContent, StringComparison.Ordinal);

        await using var second = await SendingAsync();
        await second.CloseAsync();
        await second.RunAtAsync(Due);
        second.Site.Clock.SetUtcNow(Due.AddMinutes(1));
        await second.AddAsync(second.Id, "late@delivery.example");
        await second.RunAsync();
        Assert.Equal([Owner], second.Server.Mails.Select(mail => mail.To));
    }

    [Fact]
    public async Task Instead_of_the_files_a_link_can_be_sent()
    {
        await using var clinic = await SendingAsync(CreditUsage.Features.Deliveries.TermsInput.Link);
        var closing = await clinic.CloseAsync();

        await clinic.RunAtAsync(Due);

        var mail = Assert.Single(clinic.Mails);
        Assert.Empty(mail.Attachments);
        Assert.Contains($"https://credits.example/saved-reports/{closing.SavedReportId}\n", Text(mail), StringComparison.Ordinal);
        Assert.Contains("https://credits.example/usage-report/csv?year=2026&month=10&sessions=true&topUps=true\n", Text(mail), StringComparison.Ordinal);
        Assert.DoesNotContain("too large", Text(mail), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_too_large_are_linked_and_the_mail_says_so()
    {
        await using var clinic = await SendingAsync();
        var closing = await clinic.CloseAsync();
        await clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CreditUsageDb>().SavedReports.ExecuteUpdateAsync(set => set.SetProperty(report => report.SizeBytes, 12_582_912)));

        await clinic.RunAtAsync(Due);

        var mail = Assert.Single(clinic.Mails);
        Assert.Empty(mail.Attachments);
        Assert.Contains("The files are too large to attach (the PDF alone is 12.0 MB).", Text(mail), StringComparison.Ordinal);
        Assert.Contains($"https://credits.example/saved-reports/{closing.SavedReportId}\n", Text(mail), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switched_off_nothing_goes_out()
    {
        await using var clinic = await SendingAsync();
        await clinic.CloseAsync();
        await clinic.SetAsync(clinic.Id, sending: "off");

        await clinic.RunAtAsync(Due);

        Assert.Empty(clinic.Mails);
        Assert.NotNull((await clinic.PageAsync()).QuerySelector("[data-deliveries=off]"));
    }

    private static string Text(MimeMessage mail) => mail.TextBody!.ReplaceLineEndings("\n");

    private static byte[] File(MimeMessage mail, string name)
    {
        using var bytes = new MemoryStream();
        mail.Attachments.OfType<MimePart>().Single(part => part.FileName == name).Content!.DecodeTo(bytes);
        return bytes.ToArray();
    }
}
