using System.Net;
using AngleSharp.Dom;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Users;

/// <summary>The list of users; who may see it at all is in the table of routes.</summary>
public sealed class UsersPageTests(UsersSite users) : IClassFixture<UsersSite>
{
    private Site Site => users.Site;

    [Fact]
    public async Task The_list_shows_this_subscriptions_users_and_no_others()
    {
        var clinic = await users.ClinicAsync();
        var other = await users.ClinicAsync();
        var (auditor, disabled) = (await clinic.UserAsync(Roles.Auditor), await clinic.UserAsync());
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        var invited = users.Address();
        await Clinic.InviteAsync(administrator, invited, Roles.FinanceAdministrator);
        var path = await clinic.PathAsync(disabled);
        (await administrator.PostAsync(path, path + "?handler=Disable")).Dispose();
        using var signedIn = await users.SignedInAsync(auditor);

        var rows = Rows(await administrator.PageAsync("/users"));

        Assert.Equal(new[] { clinic.Administrator, auditor, disabled, invited }.Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(other.Administrator, rows.Keys);
        Assert.Equal(["Administrator", "Active", "Off", "22/11/2026 12:00 GMT"], rows[clinic.Administrator]);
        Assert.Equal(["Auditor", "Active", "Off", "22/11/2026 12:00 GMT"], rows[auditor]);
        Assert.Equal(["Finance Administrator", "Disabled since 22/11/2026 12:00 GMT", "Off", "Never"], rows[disabled]);
        Assert.Equal(["Finance Administrator", "Invited", "Off", "Never"], rows[invited]);
    }

    [Fact]
    public async Task A_clinic_of_one_shows_the_one()
    {
        var clinic = await users.ClinicAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        Assert.Equal([clinic.Administrator], Rows(await administrator.PageAsync("/users")).Keys);
    }

    [Fact, Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.ForeignIds)]
    public async Task Of_another_subscription_no_user_is_found_whatever_is_asked()
    {
        var clinic = await users.ClinicAsync();
        var other = await users.ClinicAsync();
        var path = await other.PathAsync(await other.UserAsync());
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        using var get = await administrator.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, get.StatusCode);
        foreach (var handler in new[] { "Role", "Disable", "Enable", "Unlock", "ResetTwoFactor", "Link", "Remove" })
        {
            using var post = await administrator.PostAsync("/users", $"{path}?handler={handler}", new Dictionary<string, string> { ["role"] = Roles.Auditor });
            Assert.Equal((handler, HttpStatusCode.NotFound), (handler, post.StatusCode));
        }
    }

    [Fact]
    public async Task An_unknown_user_is_not_found()
    {
        var clinic = await users.ClinicAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        foreach (var path in new[] { "/users/018f0000-0000-7000-8000-000000000000", "/users/7", "/users/none" })
        {
            using var answer = await administrator.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("", "Auditor", "Enter an e-mail address.")]
    [InlineData("nobody", "Auditor", "Enter an e-mail address such as name@clinic.example.")]
    [InlineData("a@b.example\r\nBcc: x@y.example", "Auditor", "Enter an e-mail address such as name@clinic.example.")]
    [InlineData("zo\u00EB@clinic.example", "Auditor", "Enter an e-mail address such as name@clinic.example.")]
    [InlineData("a b@clinic.example", "Auditor", "Use only letters, digits and - . _ + in the e-mail address.")]
    [InlineData("<script>@clinic.example", "Auditor", "Use only letters, digits and - . _ + in the e-mail address.")]
    [InlineData("right@clinic.example", "Owner", "Choose a role from the list.")]
    public async Task A_wrong_invitation_is_refused_in_a_sentence_and_makes_nobody(string email, string role, string sentence)
    {
        var clinic = await users.ClinicAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        using var answer = await administrator.PostAsync("/users", "/users?handler=Invite", new Dictionary<string, string> { ["Input.Email"] = email, ["Input.Role"] = role });
        var page = await Visitor.ReadAsync(answer);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, sentence), (answer.StatusCode, page.QuerySelector(".fault-summary a")?.TextContent));
        Assert.Equal(page.QuerySelector(".field-fault:not(:empty)")!.PreviousElementSibling!.ParentElement!.QuerySelector("input,select")!.Id, page.QuerySelector(".fault-summary a")!.GetAttribute("href")![1..]);
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        Assert.Single(Rows(page));
    }

    [Fact]
    public async Task An_address_that_is_in_the_list_is_refused()
    {
        var clinic = await users.ClinicAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        using var answer = await administrator.PostAsync("/users", "/users?handler=Invite", new Dictionary<string, string> { ["Input.Email"] = clinic.Administrator.ToUpperInvariant(), ["Input.Role"] = Roles.Auditor });
        Assert.StartsWith("This address is in the list already.", (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary a")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_factor_is_required_and_no_longer_required_with_an_entry_each_for_this_subscription_alone()
    {
        var (clinic, other) = (await users.ClinicAsync(), await users.ClinicAsync());
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        foreach (var required in new[] { "true", "true", "garbage", "", "false" })
            (await administrator.PostAsync("/users", "/users?handler=RequireTwoFactor", new Dictionary<string, string> { ["required"] = required })).Dispose();
        Assert.Equal([$"{clinic.Administrator}: Setting: Required of everybody", $"{clinic.Administrator}: Setting: No longer required"], await clinic.AuditAsync("Two-factor sign-in"));
        using var elsewhere = await users.SignedInAsync(other.Administrator);
        Assert.Contains("Optional.", (await elsewhere.PageAsync("/users")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Null((await clinic.CheckAuditAsync()).FirstBroken);
    }

    /// <summary>Role, state, two-factor and last sign-in by address.</summary>
    private static Dictionary<string, string[]> Rows(IParentNode page) =>
        page.QuerySelectorAll("tr[data-user]").ToDictionary(row => row.Children[0].TextContent, row => row.Children.Skip(1).Take(4).Select(cell => cell.TextContent).ToArray());
}
