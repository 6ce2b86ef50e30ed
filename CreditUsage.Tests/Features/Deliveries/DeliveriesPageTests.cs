using System.Net;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using static CreditUsage.Tests.Features.Deliveries.DeliveryClinic;

namespace CreditUsage.Tests.Features.Deliveries;

public sealed class DeliveriesPageTests
{
    private const string Path = "/deliveries";

    [Fact]
    public async Task A_Finance_Administrator_sets_when_and_to_whom_and_an_Auditor_only_sees_it()
    {
        await using var clinic = await OpenAsync();
        using var finance = await Visitor.SignedInAsync(clinic.Site, Finance);
        using var set = await PostAsync(finance, "Terms", ("Sending", "on"), ("Day", "5"), ("Hour", "7"), ("Content", "link"));
        using var added = await PostAsync(finance, "Add", ("Name", "Olga Owner"), ("Email", "Owner@Delivery.example"));
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect), (set.StatusCode, added.StatusCode));
        Assert.Contains("Recipient added", (await finance.PageAsync(Path)).QuerySelector("[role=status].alert-success")!.TextContent, StringComparison.Ordinal);

        var page = await clinic.PageAsync(Auditor);
        Assert.Contains("On. On day 5 of each month at 07:00 GMT, with a link to the saved report, from October 2026 on. November 2026 will be sent on 05/12/2026 07:00 GMT", page.QuerySelector("[data-deliveries=on]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Olga Owner", Owner, $"22/11/2026 12:00 GMT by {Finance}"], page.QuerySelector("[data-recipient]")!.Children.Select(cell => cell.TextContent));
        Assert.Empty(page.QuerySelectorAll("main form"));
        Assert.Equal("A Finance Administrator or an Administrator of your clinic can change the recipients.", page.QuerySelector("[data-who-can]")!.TextContent);
        Assert.Equal(
            [$"{Finance}: Setting: Deliveries: On: day 5, 07:00 GMT, a link, from October 2026 on", $"{Finance}: Setting: Deliveries: {Owner} added"],
            (await clinic.AuditAsync()).Where(entry => entry.Contains(": Deliveries: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Remove")]
    [InlineData("TryAgain")]
    [InlineData("Terms")]
    [InlineData("Add")]
    [InlineData("Test")]
    public async Task An_Auditor_changes_nothing(string handler)
    {
        await using var clinic = await SendingAsync();
        using var auditor = await Visitor.SignedInAsync(clinic.Site, Auditor);
        using var answer = await PostAsync(auditor, handler, ("id", "1"), ("Sending", "off"), ("Day", "1"), ("Hour", "1"), ("Content", "link"), ("Name", "A"), ("Email", "a@b.example"));
        Assert.Contains("AccessDenied", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Single((await clinic.PageAsync()).QuerySelectorAll("[data-recipient]"));
        Assert.Empty(clinic.Server.Mails);
    }

    [Theory]
    [InlineData("Terms", "Enter the day of the month, from 1 to 28.", "Sending=on", "Day=29", "Hour=7", "Content=link")]
    [InlineData("Terms", "Enter the day of the month, from 1 to 28.", "Sending=on", "Day=five", "Hour=7", "Content=link")]
    [InlineData("Terms", "Choose the hour from the list.", "Sending=on", "Day=5", "Hour=24", "Content=link")]
    [InlineData("Terms", "Choose attached files or a link.", "Sending=on", "Day=5", "Hour=7", "Content=pigeon")]
    [InlineData("Terms", "Choose On or Off.", "Day=5", "Hour=7", "Content=link")]
    [InlineData("Add", "Enter a name.", "Name=", "Email=a@b.example")]
    [InlineData("Add", "Enter the name on one line.", "Name=A\r\nBcc: x@evil.example", "Email=a@b.example")]
    [InlineData("Add", "Enter one e-mail address such as name@clinic.example.", "Name=A", "Email=a@b.example\r\nBcc: x@evil.example")]
    [InlineData("Add", "Enter one e-mail address such as name@clinic.example.", "Name=A", "Email=a@b.example, x@evil.example")]
    [InlineData("Add", "Enter one e-mail address such as name@clinic.example.", "Name=A", "Email=a@b.example;x@evil.example")]
    [InlineData("Add", "Enter one e-mail address such as name@clinic.example.", "Name=A", "Email=Anna <a@b.example>")]
    [InlineData("Add", "Enter one e-mail address such as name@clinic.example.", "Name=A", "Email=<a@b.example>")]
    [InlineData("Add", "Enter one e-mail address such as name@clinic.example.", "Name=A", "Email=@evil.example:a@b.example")]
    [InlineData("Add", "Enter one e-mail address such as name@clinic.example.", "Name=A", "Email=a@b@c.example")]
    [InlineData("Add", "Enter one e-mail address such as name@clinic.example.", "Name=A", "Email=nobody")]
    [InlineData("Add", "owner@delivery.example is already a recipient. Enter another address.", "Name=A", "Email=OWNER@delivery.example")]
    public async Task What_was_filled_in_wrongly_is_refused_with_what_to_do(string handler, string problem, params string[] fields)
    {
        await using var clinic = await SendingAsync();
        using var administrator = await Visitor.SignedInAsync(clinic.Site, Administrator);

        using var answer = await PostAsync(administrator, handler, [.. fields.Select(field => (field.Split('=')[0], field.Split('=', 2)[1]))]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await Visitor.ReadAsync(answer);
        var link = page.QuerySelector(".fault-summary a")!;
        Assert.Equal(problem, link.TextContent);
        Assert.NotNull(page.QuerySelector(link.GetAttribute("href")!));
        Assert.Equal(Owner, Assert.Single(page.QuerySelectorAll("[data-recipient]")).Children[1].TextContent);
        Assert.Contains("On day 23 of each month", page.QuerySelector("[data-deliveries=on]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_mail_server_the_page_says_who_can_set_it_up_and_nothing_is_begun()
    {
        await using var clinic = await OpenAsync(mail: false);
        await clinic.SetAsync(clinic.Id);
        await clinic.AddAsync(clinic.Id, Owner);
        await clinic.CloseAsync();
        await clinic.RunAtAsync(Due);

        var page = await clinic.PageAsync(Administrator);
        Assert.Contains("Ask whoever runs it", page.QuerySelector("[data-no-mail]")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("CreditUsage__", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(await clinic.DeliveriesAsync());
        using var administrator = await Visitor.SignedInAsync(clinic.Site, Administrator);
        using var test = await PostAsync(administrator, "Test");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, test.StatusCode);
        Assert.Contains("Mail is not set up.", (await Visitor.ReadAsync(test)).QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_goes_to_whoever_asks_or_to_a_person_of_the_list_and_to_nobody_else()
    {
        await using var clinic = await SendingAsync();
        using var administrator = await Visitor.SignedInAsync(clinic.Site, Administrator);
        var id = (await administrator.PageAsync(Path)).QuerySelector("[data-recipient]")!.GetAttribute("data-recipient")!;
        using var toMe = await PostAsync(administrator, "Test");
        using var toOwner = await PostAsync(administrator, "Test", ("id", id));
        using var toNobody = await PostAsync(administrator, "Test", ("id", "999999"));

        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect, HttpStatusCode.NotFound), (toMe.StatusCode, toOwner.StatusCode, toNobody.StatusCode));
        Assert.Equal([Administrator, Owner], clinic.Server.Mails.Select(mail => mail.To));
        Assert.All(clinic.Mails, mail => Assert.Equal("Credit Usage Report: test", mail.Subject));
        Assert.Equal([$"22/11/2026 12:00 GMT, {Owner}, sent: Taken: OK", $"22/11/2026 12:00 GMT, {Administrator}, sent: Taken: OK"], (await clinic.PageAsync()).QuerySelectorAll("[data-tests] li").Select(test => test.TextContent));
        Assert.Contains($"{Administrator}: Deliver: Test: To {Owner}: sent", await clinic.AuditAsync());
    }

    [Fact]
    public async Task A_test_that_is_refused_shows_what_the_mail_server_said_as_text()
    {
        await using var clinic = await SendingAsync();
        clinic.Server.AnswerToRecipient = "554 <script>alert(1)</script> no";
        using var administrator = await Visitor.SignedInAsync(clinic.Site, Administrator);

        using var test = await PostAsync(administrator, "Test");

        var page = await Visitor.ReadAsync(test);
        Assert.Contains("The mail server refuses the address: 554 <script>alert(1)</script> no", page.QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("main script"));
    }

    [Fact, Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.ForeignIds)]
    public async Task Another_subscriptions_person_can_be_neither_removed_nor_tested()
    {
        await using var clinic = await SendingAsync();
        var other = await clinic.Site.SubscriptionAsync("Other Clinic", October.Start);
        await clinic.Site.UserAsync(other, "administrator@other.example", Roles.Administrator);
        var id = (await clinic.PageAsync()).QuerySelector("[data-recipient]")!.GetAttribute("data-recipient")!;
        using var visitor = await Visitor.SignedInAsync(clinic.Site, "administrator@other.example");

        foreach (var handler in new[] { "Remove", "Test", "TryAgain" })
        {
            using var answer = await PostAsync(visitor, handler, ("id", id));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        Assert.Single((await clinic.PageAsync()).QuerySelectorAll("[data-recipient]"));
        Assert.Empty(clinic.Server.Mails);
    }

    private static Task<HttpResponseMessage> PostAsync(Visitor visitor, string handler, params (string Name, string Value)[] fields) =>
        visitor.PostAsync(Path, $"{Path}?handler={handler}", fields.ToDictionary(field => field.Name, field => field.Value));
}
