using System.Net;
using System.Net.Sockets;
using CreditUsage.Platform;
using CreditUsage.Platform.Mail;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Commands;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Mail;

public sealed class SendMailTests
{
    private const string Administrator = "administrator@mail.example";

    [Fact]
    public async Task An_invitation_is_mailed_with_a_link_to_the_public_address()
    {
        await using var server = new SmtpServer();
        await using var site = Started(server.Port);
        var page = await InviteAsync(site, "new@mail.example");

        Assert.Contains("It was also sent by e-mail.", page, StringComparison.Ordinal);
        var mail = Assert.Single(server.Mails);
        Assert.Equal(("credits@clinic.example", "new@mail.example"), (mail.From, mail.To));
        Assert.Contains("Subject: Your invitation to CreditUsage", mail.Text, StringComparison.Ordinal);
        Assert.Contains("From: CreditUsage <credits@clinic.example>", mail.Text, StringComparison.Ordinal);
        var text = mail.Text.Replace("=\n", "").Replace("=3D", "=");
        Assert.Matches("https://credits.example/Identity/Account/AcceptInvitation\\?code=[A-Za-z0-9_-]{40,}\n", text);
        Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_down_leaves_the_invitation_standing()
    {
        await using var site = Started(ClosedPort());
        Assert.Contains("The mail could not be sent", await InviteAsync(site, "new@mail.example"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_the_address_leaves_the_invitation_standing()
    {
        await using var server = new SmtpServer { AnswerToRecipient = "550 No such user" };
        await using var site = Started(server.Port);
        Assert.Contains("The mail could not be sent", await InviteAsync(site, "new@mail.example"), StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up_after_ten_seconds()
    {
        await using var server = new SmtpServer { IsDumb = true };
        await using var site = Started(server.Port);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Assert.ThrowsAsync<UserFacingException>(() => site.Services.GetRequiredService<SendMail>().RunAsync("a@mail.example", "Subject", "Text", CancellationToken.None));
        // On a busy machine it may be noticed later; that it is at all is the point.
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task A_server_without_TLS_gets_nothing_where_TLS_is_asked_for()
    {
        await using var server = new SmtpServer();
        await using var site = Started(server.Port, "StartTls");
        await Assert.ThrowsAsync<UserFacingException>(() => site.Services.GetRequiredService<SendMail>().RunAsync("a@mail.example", "Subject", "Text", CancellationToken.None));
        Assert.Empty(server.Mails);
    }

    [Theory]
    [InlineData("CreditUsage:Smtp:From", "Smtp__Host=mail.example", "PublicUrl=https://credits.example")]
    [InlineData("CreditUsage:Smtp:From", "Smtp__Host=mail.example", "PublicUrl=https://credits.example", "Smtp__From=no address <")]
    [InlineData("CreditUsage:PublicUrl", "Smtp__Host=mail.example", "Smtp__From=credits@clinic.example")]
    [InlineData("CreditUsage:PublicUrl", "PublicUrl=credits.example")]
    [InlineData("CreditUsage:PublicUrl", "PublicUrl=ftp://credits.example")]
    [InlineData("Port", "Smtp__Port=70000")]
    public async Task Half_a_setting_stops_the_start_with_the_settings_name(string named, params string[] settings)
    {
        using var program = new SiteProgram();
        var (exitCode, output, errors) = await program.RunAsync(["migrate", .. settings.Select(setting => "--CreditUsage:" + setting.Replace("__", ":", StringComparison.Ordinal))]);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(named, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static Site Started(int port, string security = "None")
    {
        var site = new Site().With("CreditUsage:Smtp:Host", "127.0.0.1").With("CreditUsage:Smtp:Port", $"{port}").With("CreditUsage:Smtp:Security", security)
            .With("CreditUsage:Smtp:From", "CreditUsage <credits@clinic.example>").With("CreditUsage:PublicUrl", "https://credits.example");
        site.UseKestrel(0);
        site.StartServer();
        return site;
    }

    /// <summary>Invites, sees that the link is on the page whatever became of the mail, and answers what the page says.</summary>
    private static async Task<string> InviteAsync(Site site, string email)
    {
        Assert.Empty(await site.UserAsync(await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1)), Administrator, Roles.Administrator));
        using var administrator = await Visitor.SignedInAsync(site, Administrator);
        using var answer = await administrator.PostAsync("/users", "/users?handler=Invite", new Dictionary<string, string> { ["Input.Email"] = email, ["Input.Role"] = Roles.Auditor });
        var page = await Visitor.ReadAsync(answer);
        Assert.Equal((HttpStatusCode.OK, true), (answer.StatusCode, page.QuerySelector("#invitation-link")!.GetAttribute("value")!.StartsWith("https://credits.example/", StringComparison.Ordinal)));
        Assert.Contains(email, page.QuerySelector("table")!.TextContent, StringComparison.Ordinal);
        return page.QuerySelector(".invitation")!.TextContent;
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
