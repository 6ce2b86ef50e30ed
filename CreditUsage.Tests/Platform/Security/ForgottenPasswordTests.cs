using System.Net;
using System.Text.RegularExpressions;
using CreditUsage.Core.People;
using CreditUsage.Data;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Features.Deliveries;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>A link for a new password, asked for by its owner and mailed.</summary>
public sealed partial class ForgottenPasswordTests
{
    private const string Path = "/Identity/Account/ForgotPassword";
    private const string NewPassword = "An entirely new one 4711";

    [Fact]
    public async Task The_owner_of_an_account_gets_a_link_that_sets_a_password_once()
    {
        await using var clinic = await DeliveryClinic.OpenAsync();
        using var visitor = new Visitor(clinic.Site);
        Assert.NotNull((await visitor.PageAsync("/Identity/Account/Login")).QuerySelector($"a[href='{Path}']"));

        var said = await AskAsync(visitor, DeliveryClinic.Finance);
        await Wait.UntilAsync(() => !clinic.Server.Mails.IsEmpty);

        Assert.Contains($"If {DeliveryClinic.Finance} has an account here", said, StringComparison.Ordinal);
        var mail = Assert.Single(clinic.Mails);
        Assert.Equal(("Your new password for CreditUsage", DeliveryClinic.Finance), (mail.Subject, clinic.Server.Mails.Single().To));
        Assert.Contains("asked for a new password for finance@delivery.example at CreditUsage of Delivery Clinic", mail.TextBody, StringComparison.Ordinal);
        var link = Link().Match(mail.TextBody!).Value;
        Assert.StartsWith("https://credits.example/Identity/Account/AcceptInvitation?code=", link, StringComparison.Ordinal);
        var page = new Uri(link).PathAndQuery;
        using (var set = await visitor.PostAsync(page, page, new Dictionary<string, string> { ["Input.New"] = NewPassword, ["Input.Again"] = NewPassword })) Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        using var signedIn = await visitor.SignInAsync(DeliveryClinic.Finance, NewPassword);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        using var again = await visitor.GetAsync(page);
        Assert.Equal(HttpStatusCode.Gone, again.StatusCode);
        Assert.Contains($"{AccountAudit.Anonymous}: User: {DeliveryClinic.Finance}: Link for a new password asked for and mailed", await clinic.AuditAsync());
    }

    [Fact]
    public async Task An_unknown_or_disabled_address_is_answered_the_same_and_gets_no_mail_and_nobody_is_flooded()
    {
        await using var clinic = await DeliveryClinic.OpenAsync();
        using var visitor = new Visitor(clinic.Site);
        await clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CreditUsageDb>().Memberships.Where(membership => membership.Role == Roles.Auditor).ExecuteUpdateAsync(set => set.SetProperty(membership => membership.DisabledAt, clinic.Site.Clock.GetUtcNow())));
        var known = await AskAsync(visitor, DeliveryClinic.Finance);
        foreach (var email in new[] { "nobody@delivery.example", DeliveryClinic.Auditor, DeliveryClinic.Finance, DeliveryClinic.Finance, DeliveryClinic.Administrator })
            Assert.Equal(known.Replace(DeliveryClinic.Finance, email, StringComparison.Ordinal), await AskAsync(visitor, email));

        // They are done in turn: the last one's mail comes after the others'.
        await Wait.UntilAsync(() => clinic.Server.Mails.Any(mail => mail.To == DeliveryClinic.Administrator));
        Assert.Equal([DeliveryClinic.Finance, DeliveryClinic.Administrator], clinic.Server.Mails.Select(mail => mail.To));
        clinic.Site.Clock.Advance(ForgottenPasswords.BetweenMails + TimeSpan.FromSeconds(1));
        await AskAsync(visitor, DeliveryClinic.Finance);
        await Wait.UntilAsync(() => clinic.Server.Mails.Count == 3);
        var links = clinic.Mails.Where(mail => mail.To.ToString().Contains(DeliveryClinic.Finance, StringComparison.Ordinal)).Select(mail => new Uri(Link().Match(mail.TextBody!).Value).PathAndQuery).ToList();
        using var former = await visitor.GetAsync(links[0]);
        using var latest = await visitor.GetAsync(links[1]);
        Assert.Equal((HttpStatusCode.Gone, HttpStatusCode.OK), (former.StatusCode, latest.StatusCode));
    }

    [Fact]
    public async Task A_link_that_could_not_be_mailed_leaves_the_former_one_and_can_be_asked_for_again_at_once()
    {
        await using var clinic = await DeliveryClinic.OpenAsync();
        using var visitor = new Visitor(clinic.Site);
        await AskAsync(visitor, DeliveryClinic.Finance);
        await Wait.UntilAsync(() => clinic.Server.Mails.Count == 1);
        clinic.Site.Clock.Advance(ForgottenPasswords.BetweenMails + TimeSpan.FromSeconds(1));
        clinic.Server.AnswerToMail = "550 No";
        await AskAsync(visitor, DeliveryClinic.Finance);
        await Wait.UntilAsync(async () => (await clinic.AuditAsync()).Exists(entry => entry.EndsWith("The link for a new password could not be mailed", StringComparison.Ordinal)));

        using var former = await visitor.GetAsync(new Uri(Link().Match(clinic.Mails[0].TextBody!).Value).PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, former.StatusCode);
        clinic.Server.AnswerToMail = "250 OK";
        await AskAsync(visitor, DeliveryClinic.Finance);
        await Wait.UntilAsync(() => clinic.Server.Mails.Count > 1 && clinic.Mails[^1].TextBody != clinic.Mails[0].TextBody);
    }

    [Theory]
    [InlineData("", "Enter your e-mail address.")]
    [InlineData("nobody", "Enter an e-mail address such as name@clinic.example.")]
    public async Task What_is_no_address_is_said(string email, string fault)
    {
        await using var clinic = await DeliveryClinic.OpenAsync();
        using var visitor = new Visitor(clinic.Site);
        using var answer = await visitor.PostAsync(Path, Path, new Dictionary<string, string> { ["Email"] = email });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(fault, (await Visitor.ReadAsync(answer)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_mail_the_page_says_whom_to_ask()
    {
        await using var clinic = await DeliveryClinic.OpenAsync(mail: false);
        using var visitor = new Visitor(clinic.Site);
        Assert.Contains("Ask the administrator of your clinic for a link.", (await visitor.PageAsync(Path)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Null((await visitor.PageAsync("/Identity/Account/Login")).QuerySelector($"a[href='{Path}']"));
    }

    [Fact]
    public async Task An_invitation_names_the_clinic_and_who_invites()
    {
        await using var clinic = await DeliveryClinic.OpenAsync();
        using var administrator = await Visitor.SignedInAsync(clinic.Site, DeliveryClinic.Administrator);
        using (await administrator.PostAsync("/users", "/users?handler=Invite", new Dictionary<string, string> { ["Input.Email"] = "new@delivery.example", ["Input.Role"] = Roles.Auditor })) { }

        Assert.Contains("administrator@delivery.example invites you to CreditUsage of Delivery Clinic.", Assert.Single(clinic.Mails).TextBody, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(Visitor visitor, string email)
    {
        using var answer = await visitor.PostAsync(Path, Path, new Dictionary<string, string> { ["Email"] = email });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await Visitor.ReadAsync(answer)).QuerySelector("[role=status]")!.TextContent;
    }

    [GeneratedRegex(@"https://\S+", RegexOptions.None, 1000)]
    private static partial Regex Link();
}
