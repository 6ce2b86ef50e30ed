using System.Net;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>What a password that a verb made and printed is good for.</summary>
public sealed class TemporaryPasswordTests(SignInSite signIn) : IClassFixture<SignInSite>
{
    private const string Chosen = "a phrase of my own";

    private Site Site => signIn.Site;

    [Fact]
    public async Task Every_page_asks_to_choose_another_until_one_is_chosen_which_does_not_lapse()
    {
        var email = await signIn.UserAsync(isTemporary: true);
        using var visitor = await Visitor.SignedInAsync(Site, email);
        var page = await visitor.PageAsync("/usage-report");
        Assert.Equal(TemporaryPassword.ChangePage, page.QuerySelector("[data-temporary-password] a")!.GetAttribute("href"));

        using var changed = await ChangeAsync(visitor);

        Assert.Equal("Your password has been changed.", (await Visitor.ReadAsync(changed)).QuerySelector("[role=status]")!.TextContent);
        Assert.Null((await visitor.PageAsync("/usage-report")).QuerySelector("[data-temporary-password]"));
        Site.Clock.Advance(TimeSpan.FromDays(2));
        using var again = new Visitor(Site);
        using var signedIn = await again.SignInAsync(email, Chosen);
        Assert.Equal((HttpStatusCode.Redirect, "/dashboard"), (signedIn.StatusCode, signedIn.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task It_lapses_after_a_day_which_only_its_owner_is_told()
    {
        var email = await signIn.UserAsync(isTemporary: true);
        Site.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Redirect, await signIn.TryAsync(email, Site.Password));
        Site.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TemporaryPassword.Lapsed, await RefusalAsync(email, Site.Password));
        Assert.Equal(await RefusalAsync("nobody@clinic.example", Site.Password), await RefusalAsync(email, Chosen));
    }

    [Fact]
    public async Task One_that_somebody_typed_does_not_lapse()
    {
        var email = await signIn.UserAsync();
        Site.Clock.Advance(TimeSpan.FromDays(400));
        using var visitor = await Visitor.SignedInAsync(Site, email);
        using var page = await visitor.GetAsync("/usage-report");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    private static Task<HttpResponseMessage> ChangeAsync(Visitor visitor) => visitor.PostAsync(TemporaryPassword.ChangePage, TemporaryPassword.ChangePage,
        new Dictionary<string, string> { ["Input.Present"] = Site.Password, ["Input.New"] = Chosen, ["Input.Again"] = Chosen });

    private async Task<string> RefusalAsync(string email, string password)
    {
        using var visitor = new Visitor(Site);
        using var answer = await visitor.SignInAsync(email, password);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary li")!.TextContent.Trim();
    }
}
