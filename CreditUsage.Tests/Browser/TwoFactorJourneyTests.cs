using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Playwright;

namespace CreditUsage.Tests.Browser;

/// <summary>From an invitation to a sign-in with a code, with axe and the content policy looking on at each stop, in both themes.</summary>
public sealed class TwoFactorJourneyTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Chosen = "a phrase of my own";

    private readonly List<string> _found = [];

    [Fact]
    public async Task Somebody_is_invited_sets_up_two_factors_and_signs_in_with_them()
    {
        const string email = "invited@real.example";
        var administrator = await chromium.SignedInAsync(Clinics.Administrator);
        var link = await InviteAsync(administrator, email);
        var page = await chromium.PageAsync();
        await AcceptAsync(page, link);
        await SignInAsync(page, email);
        await page.WaitForURLAsync("**/dashboard");
        var (phone, recovery) = await SetUpAsync(page);

        await page.OpenAccountMenuAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await SignInAsync(page, email);
        await LookAsync(page, "second step", page.GetByLabel("Code from your authenticator app"));
        await page.GetByLabel("Code from your authenticator app").FillAsync(phone.CodeAt(chromium.Clinics.Site.Clock.GetUtcNow()));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await LookAsync(page, "code used before", page.GetByRole(AriaRole.Heading, new() { Name = "There is a problem" }));
        await Assertions.Expect(page.Locator(".fault-summary")).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "use a recovery code" }).ClickAsync();
        await LookAsync(page, "recovery code", page.GetByLabel("One of your recovery codes"));
        await page.GetByLabel("One of your recovery codes").FillAsync(recovery);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync("**/dashboard");

        Assert.True(_found.Count == 0, string.Join('\n', _found));
        await page.Context.CloseAsync();
        await administrator.Context.CloseAsync();
    }

    private async Task<string> InviteAsync(IPage page, string email)
    {
        Watch(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Users", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Invite" }).ClickAsync();
        await LookAsync(page, "users, a fault", page.Locator(".fault-summary"));
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Role").SelectOptionAsync(Roles.FinanceAdministrator);
        await page.GetByRole(AriaRole.Button, new() { Name = "Invite" }).ClickAsync();
        await LookAsync(page, "users, invited", page.GetByLabel("Invitation link"));
        var link = await page.GetByLabel("Invitation link").InputValueAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = $"Change {email}" }).ClickAsync();
        await LookAsync(page, "user", page.GetByRole(AriaRole.Heading, new() { Name = email }));
        return link;
    }

    private async Task AcceptAsync(IPage page, string link)
    {
        Watch(page);
        await page.GotoAsync(link);
        await LookAsync(page, "invitation", page.GetByLabel("Password again"));
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Chosen);
        await page.GetByLabel("Password again").FillAsync(Chosen);
        await page.GetByRole(AriaRole.Button, new() { Name = "Set password" }).ClickAsync();
        await LookAsync(page, "invitation taken", page.GetByText("Your password is set."));
        await page.GotoAsync(link);
        await LookAsync(page, "invitation used", page.GetByText("This link has been used"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Go to the sign-in page" }).ClickAsync();
    }

    private static async Task SignInAsync(IPage page, string email)
    {
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(Chosen);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    private async Task<(Phone Phone, string Recovery)> SetUpAsync(IPage page)
    {
        await page.OpenAccountMenuAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Two-factor sign-in" }).ClickAsync();
        await LookAsync(page, "two-factor, off", page.Locator("#authenticator-key"));
        var phone = new Phone(await page.Locator("#authenticator-key").InnerTextAsync());
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Code" }).FillAsync(phone.CodeAt(chromium.Clinics.Site.Clock.GetUtcNow()));
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch two-factor sign-in on" }).ClickAsync();
        await LookAsync(page, "two-factor, recovery codes", page.Locator(".recovery-codes"));
        var recovery = await page.Locator(".recovery-codes code").First.InnerTextAsync();
        await page.OpenAccountMenuAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Two-factor sign-in" }).ClickAsync();
        await LookAsync(page, "two-factor, on", page.GetByText("recovery codes are left"));
        return (phone, recovery);
    }

    /// <param name="there">What shows that the stop has been reached: the page before may still stand when it has been left.</param>
    private async Task LookAsync(IPage page, string stop, ILocator there)
    {
        await Assertions.Expect(there).ToBeVisibleAsync();
        _found.AddRange(await page.AxeFindsAsync(stop));
    }

    /// <summary>What the content policy blocked is only said in the console.</summary>
    private void Watch(IPage page) => page.Console += (_, said) =>
    {
        if (said.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase)) _found.Add(said.Text);
    };
}
