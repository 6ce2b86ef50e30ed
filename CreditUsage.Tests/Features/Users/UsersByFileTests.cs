using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Tests.Features.Deliveries;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Users;

/// <summary>Several users who are invited by one file, or none of them.</summary>
public sealed class UsersByFileTests(UsersSite users) : IClassFixture<UsersSite>
{
    private const string Page = "/users/by-file";

    [Fact]
    public async Task Each_user_of_a_workbook_is_invited_once_the_password_was_given_again()
    {
        var clinic = await users.ClinicAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        var (first, second) = (users.Address(), users.Address());
        var file = ListUploads.Workbook(
        [
            new() { ["Role"] = "finance administrator", ["E-mail"] = first }, new() { ["Role"] = "AUDITOR", ["E-mail"] = $" {second} " }, new() { ["Role"] = "Administrator", ["E-mail"] = clinic.Administrator.ToUpperInvariant() },
        ]);
        users.Site.Clock.Advance(TimeSpan.FromMinutes(11));
        var preview = await administrator.PreviewAsync(Page, file, "people.xlsx");
        Assert.Empty(ListUploads.Faults(preview));
        Assert.Equal([$"2 | {first} | Finance Administrator | New", $"3 | {second} | Auditor | New", $"4 | {clinic.Administrator.ToUpperInvariant()} | Administrator | There already"], ListUploads.Rows(preview));

        var asked = await administrator.ConfirmAsync(Page, preview);
        Assert.Equal("Your password again", asked.QuerySelector("h1")!.TextContent);
        Assert.Equal(2, (await administrator.PageAsync("/users")).QuerySelectorAll("tr[data-user]").Length + 1);
        var fields = asked.QuerySelectorAll<IHtmlInputElement>("main form input").Select(input => new KeyValuePair<string, string>(input.Name!, input.Name == "passwordAgain" ? Site.Password : input.Value));
        using var answer = await administrator.Http.PostAsync(new Uri(asked.QuerySelector("main form")!.GetAttribute("action")!, UriKind.Relative), new FormUrlEncodedContent(fields));
        var done = await Visitor.ReadAsync(answer);
        Assert.Contains("2 users invited. 1 row was there already.", done.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal([first, second], done.QuerySelectorAll("[data-invited]").Select(row => row.GetAttribute("data-invited")));
        Assert.All(done.QuerySelectorAll("[data-invited] td:last-child"), cell => Assert.StartsWith("This server does not send e-mail", cell.TextContent, StringComparison.Ordinal));
        Assert.Equal($"{clinic.Administrator}: User: Invited as FinanceAdministrator", Assert.Single(await clinic.AuditAsync(first)));

        var link = new Uri(done.QuerySelector<IHtmlInputElement>($"[data-invited='{second}'] input")!.Value).PathAndQuery;
        using var invited = new Visitor(users.Site);
        Assert.Contains(second, (await invited.PageAsync(link)).Body!.TextContent, StringComparison.Ordinal);

        Assert.Equal("Nothing new: all 3 users of this file are there already.", (await administrator.ConfirmAsync(Page, preview)).QuerySelector("[role=status]")!.TextContent);
        Assert.Contains(second, (await invited.PageAsync(link)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Single(await clinic.AuditAsync(first));
    }

    [Fact]
    public async Task Any_error_refuses_the_whole_and_says_nothing_of_other_clinics()
    {
        var (clinic, other) = (await users.ClinicAsync(), await users.ClinicAsync());
        var finance = await clinic.UserAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        var fresh = users.Address();
        var preview = await administrator.PreviewAsync(Page, "email,role", $"{fresh},Auditor", $"{fresh.ToUpperInvariant()},Auditor", $"{finance},Auditor", $"{other.Administrator},Auditor", "nobody,Owner", "a b@clinic.example,Auditor", ",");
        Assert.Equal(
        [
            $"3 E-mail address: Line 2 has {fresh.ToUpperInvariant()} too; name a user once.",
            $"4 Role: {finance} is already here, as Finance Administrator, and this line says Auditor. Change the role on the user's page, or correct the line.",
            // Line 5 has an address of another clinic, which is like any other.
            "6 Role: Choose a role from the list.", "7 E-mail address: Use only letters, digits and - . _ + in the e-mail address.",
        ], ListUploads.Faults(preview));
        using var forced = await administrator.SendAsync(Page, preview, "Store");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, forced.StatusCode);
        Assert.Empty(await clinic.AuditAsync(fresh));

        using var another = await users.SignedInAsync(finance);
        using var denied = await another.GetAsync(Page);
        Assert.Contains("AccessDenied", denied.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(("2", "0"), ListUploads.Counts(await administrator.PreviewAsync(Page, await administrator.Http.GetByteArrayAsync(new Uri(Page + "?handler=Sample", UriKind.Relative)))));
    }

    [Fact]
    public async Task Each_gets_a_mail_and_after_one_that_fails_the_links_are_left_to_be_copied()
    {
        await using var clinic = await DeliveryClinic.OpenAsync();
        using var administrator = await Visitor.SignedInAsync(clinic.Site, DeliveryClinic.Administrator);
        var done = await administrator.ConfirmAsync(Page, await administrator.PreviewAsync(Page, "email,role", "one@clinic.example,Auditor", "two@clinic.example,Auditor"));
        Assert.Equal(["It was also sent by e-mail.", "It was also sent by e-mail."], done.QuerySelectorAll("[data-invited] td:last-child").Select(cell => cell.TextContent));
        Assert.Equal(["one@clinic.example", "two@clinic.example"], clinic.Mails.Select(mail => mail.To.ToString()));

        clinic.Server.Refused = "three@clinic.example";
        var partly = await administrator.ConfirmAsync(Page, await administrator.PreviewAsync(Page, "email,role", "three@clinic.example,Auditor", "four@clinic.example,Auditor"));
        Assert.Equal(["The mail could not be sent. Copy the link and send it yourself.", "It was not sent: copy the link and send it yourself."], partly.QuerySelectorAll("[data-invited] td:last-child").Select(cell => cell.TextContent));
        Assert.Equal(2, clinic.Mails.Count);
    }
}
