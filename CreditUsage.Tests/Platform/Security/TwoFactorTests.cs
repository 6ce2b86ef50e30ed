using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Areas.Identity.Pages.Account;
using CreditUsage.Tests.Features.Users;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Security;

public sealed class TwoFactorTests(UsersSite users) : IClassFixture<UsersSite>
{
    private const string Manage = "/Identity/Account/Manage/TwoFactor";
    private const string SecondStep = "/Identity/Account/SecondStep";
    private const string RecoveryCode = "/Identity/Account/RecoveryCode";

    private Site Site => users.Site;

    private DateTimeOffset Now => Site.Clock.GetUtcNow();

    [Fact]
    public async Task It_is_set_up_by_a_picture_or_a_key_and_proved_by_a_code()
    {
        var (clinic, email) = await UserAsync();
        using var visitor = await users.SignedInAsync(email);
        var before = await visitor.PageAsync(Manage);
        Assert.Equal("QR code of the key below", before.QuerySelector("svg.qr-picture")!.GetAttribute("aria-label"));
        Assert.Matches("^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$", before.QuerySelector("#authenticator-key")!.TextContent);

        var (_, page) = await users.SetUpTwoFactorAsync(visitor);

        Assert.Equal(10, Codes(page).Distinct().Count());
        Assert.True((await clinic.RowAsync(email)).TwoFactorEnabled);
        var later = await visitor.PageAsync(Manage);
        Assert.Empty(Codes(later));
        Assert.Contains("10 recovery codes are left", later.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains($"{email}: User: Two-factor sign-in switched on", await clinic.AuditAsync(email));
    }

    [Fact]
    public async Task A_wrong_code_does_not_set_it_up_and_leaves_the_same_key()
    {
        var (clinic, email) = await UserAsync();
        using var visitor = await users.SignedInAsync(email);
        var page = await visitor.PageAsync(Manage);
        var key = page.QuerySelector<IHtmlInputElement>("input[name=key]")!.Value;
        var words = page.QuerySelector("#authenticator-key")!.TextContent;

        using var answer = await visitor.PostAsync(Manage, Manage + "?handler=On", Form(("key", key), ("code", new Phone(words).CodeAt(Now.AddHours(1)))));

        var refused = await Visitor.ReadAsync(answer);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("There is a problem", refused.QuerySelector(".fault-summary h2")!.TextContent);
        Assert.Equal("#code", refused.QuerySelector(".fault-summary a")!.GetAttribute("href"));
        Assert.Equal(words, refused.QuerySelector("#authenticator-key")!.TextContent);
        Assert.False((await clinic.RowAsync(email)).TwoFactorEnabled);
    }

    [Fact]
    public async Task A_key_sealed_for_somebody_else_is_not_taken()
    {
        var (clinic, email) = await UserAsync();
        using var other = await users.SignedInAsync(clinic.Administrator);
        using var visitor = await users.SignedInAsync(email);
        var page = await other.PageAsync(Manage);
        var code = new Phone(page.QuerySelector("#authenticator-key")!.TextContent).CodeAt(Now);
        foreach (var key in new[] { page.QuerySelector<IHtmlInputElement>("input[name=key]")!.Value, "made up", "" })
        {
            using var answer = await visitor.PostAsync(Manage, Manage + "?handler=On", Form(("key", key), ("code", code)));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        }
        Assert.False((await clinic.RowAsync(email)).TwoFactorEnabled);
    }

    [Fact]
    public async Task Signing_in_needs_the_password_and_then_the_code()
    {
        var (clinic, email, phone, _) = await WithPhoneAsync();
        using var visitor = await PasswordGivenAsync(email, "/usage-report?year=2026&month=10&sessions=true");
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(visitor));

        using var answer = await CodeAsync(visitor, SecondStep + "?returnUrl=%2Fsaved-reports", phone.CodeAt(Now));

        Assert.Equal((HttpStatusCode.Redirect, "/saved-reports"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(visitor));
        Assert.Equal($"{email}: SignIn: With the password and a code", (await clinic.AuditAsync(email))[^1]);
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        var (_, email, phone, _) = await WithPhoneAsync();
        var code = phone.CodeAt(Now);
        using var first = await PasswordGivenAsync(email);
        using var second = await PasswordGivenAsync(email);
        using var taken = await CodeAsync(first, SecondStep, code);
        using var refused = await CodeAsync(second, SecondStep, code);
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity), (taken.StatusCode, refused.StatusCode));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(second));

        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        using var earlier = await CodeAsync(second, SecondStep, code);
        using var next = await CodeAsync(second, SecondStep, phone.CodeAt(Now));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect), (earlier.StatusCode, next.StatusCode));
    }

    [Fact]
    public async Task The_code_that_set_it_up_signs_nobody_in()
    {
        var (_, email) = await UserAsync();
        using var visitor = await users.SignedInAsync(email);
        var (phone, _) = await users.SetUpTwoFactorAsync(visitor);
        using var elsewhere = await PasswordGivenAsync(email);
        using var answer = await CodeAsync(elsewhere, SecondStep, phone.CodeAt(Now));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    [Theory]
    [InlineData(SecondStep, SecondStepModel.Refusal)]
    [InlineData(RecoveryCode, RecoveryCodeModel.Refusal)]
    public async Task Ten_wrong_codes_lock_as_ten_wrong_passwords_do_and_nothing_tells_so(string path, string refusal)
    {
        var (clinic, email, phone, codes) = await WithPhoneAsync();
        using var visitor = await PasswordGivenAsync(email);
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            using var wrong = await CodeAsync(visitor, path, "wrong");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        }

        using var right = await CodeAsync(visitor, path, path == SecondStep ? phone.CodeAt(Now) : codes[0]);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, refusal), (right.StatusCode, (await Visitor.ReadAsync(right)).QuerySelector("#code-fault")!.TextContent));
        using var again = await new Visitor(Site).SignInAsync(email, Site.Password);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, again.StatusCode);
        var audit = await clinic.AuditAsync(email);
        Assert.Contains("the sign-in page: SignInFailed: Wrong password or code, 10 of 10", audit);
        Assert.Contains("the sign-in page: Lock: Until the next 00:00 GMT", audit);
    }

    [Fact]
    public async Task The_right_password_alone_does_not_forget_wrong_codes()
    {
        var (clinic, email, _, _) = await WithPhoneAsync();
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            using var visitor = await PasswordGivenAsync(email);
            using var wrong = await CodeAsync(visitor, SecondStep, "000000");
        }
        Assert.NotNull((await clinic.RowAsync(email)).LockoutEnd);
    }

    [Fact]
    public async Task A_recovery_code_signs_in_once()
    {
        var (clinic, email, _, codes) = await WithPhoneAsync();
        using var first = await PasswordGivenAsync(email);
        using var second = await PasswordGivenAsync(email);
        using var taken = await CodeAsync(first, RecoveryCode, " " + codes[3].ToLowerInvariant());
        using var refused = await CodeAsync(second, RecoveryCode, codes[3]);
        using var another = await CodeAsync(second, RecoveryCode, codes[4]);

        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect), (taken.StatusCode, refused.StatusCode, another.StatusCode));
        Assert.Contains("8 recovery codes are left", (await first.PageAsync(Manage)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains($"{email}: SignIn: With the password and a recovery code", await clinic.AuditAsync(email));
    }

    [Fact]
    public async Task New_recovery_codes_need_the_password_and_void_the_old_ones()
    {
        var (_, email, phone, codes) = await WithPhoneAsync();
        using var visitor = await PasswordGivenAsync(email);
        (await CodeAsync(visitor, SecondStep, phone.CodeAt(Now))).Dispose();
        using var refused = await visitor.PostAsync(Manage, Manage + "?handler=RecoveryCodes", Form(("codesPassword", "not the right password")));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, 0), (refused.StatusCode, Codes(await Visitor.ReadAsync(refused)).Count));

        using var made = await visitor.PostAsync(Manage, Manage + "?handler=RecoveryCodes", Form(("codesPassword", Site.Password)));

        var renewed = Codes(await Visitor.ReadAsync(made));
        Assert.Equal((10, 0), (renewed.Count, renewed.Intersect(codes).Count()));
        using var elsewhere = await PasswordGivenAsync(email);
        using var old = await CodeAsync(elsewhere, RecoveryCode, codes[0]);
        using var now = await CodeAsync(elsewhere, RecoveryCode, renewed[0]);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect), (old.StatusCode, now.StatusCode));
    }

    [Fact]
    public async Task Switching_off_needs_the_password_and_guessing_it_counts()
    {
        var (clinic, email, phone, _) = await WithPhoneAsync();
        using var visitor = await PasswordGivenAsync(email);
        (await CodeAsync(visitor, SecondStep, phone.CodeAt(Now))).Dispose();
        using var refused = await visitor.PostAsync(Manage, Manage + "?handler=Off", Form(("offPassword", "not the right password")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal($"{email}: SignInFailed: Wrong password or code, 1 of 10 in a browser used before", (await clinic.AuditAsync(email))[^1]);

        using var off = await visitor.PostAsync(Manage, Manage + "?handler=Off", Form(("offPassword", Site.Password)));

        Assert.Equal(HttpStatusCode.Redirect, off.StatusCode);
        using var elsewhere = await users.SignedInAsync(email);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(elsewhere));
    }

    [Fact]
    public async Task No_machine_is_remembered()
    {
        var (_, email, phone, _) = await WithPhoneAsync();
        using var visitor = await PasswordGivenAsync(email);
        (await CodeAsync(visitor, SecondStep, phone.CodeAt(Now))).Dispose();
        (await visitor.PostAsync("/usage-report", "/Identity/Account/Logout")).Dispose();
        using var again = await visitor.SignInAsync(email, Site.Password);
        Assert.StartsWith(SecondStep, again.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_for_a_new_password_does_not_get_round_the_second_step()
    {
        var (clinic, email, _, _) = await WithPhoneAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        var path = await clinic.PathAsync(email);
        using var made = await administrator.PostAsync(path, path + "?handler=Link");
        var link = new Uri((await Visitor.ReadAsync(made)).QuerySelector<IHtmlInputElement>("#invitation-link")!.Value).PathAndQuery;
        using var visitor = new Visitor(Site);
        (await visitor.PostAsync(link, link, Form(("Input.New", "a phrase of my own"), ("Input.Again", "a phrase of my own")))).Dispose();
        using var answer = await visitor.SignInAsync(email, "a phrase of my own");
        Assert.StartsWith(SecondStep, answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SecondStep)]
    [InlineData(RecoveryCode)]
    public async Task Without_a_password_before_it_the_second_step_leads_back(string path)
    {
        using var stranger = new Visitor(Site);
        using var get = await stranger.GetAsync(path);
        using var post = await stranger.PostAsync(Visitor.LoginPath, path, Form(("Code", "123456")));
        Assert.Equal((Visitor.LoginPath, Visitor.LoginPath), (get.Headers.Location!.OriginalString, post.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task An_empty_code_is_answered_in_words_and_does_not_count()
    {
        var (clinic, email, _, _) = await WithPhoneAsync();
        using var visitor = await PasswordGivenAsync(email);
        using var answer = await CodeAsync(visitor, SecondStep, "");
        Assert.Equal("Enter the code that your app shows.", (await Visitor.ReadAsync(answer)).QuerySelector("#code-fault")!.TextContent);
        Assert.Equal(0, (await clinic.RowAsync(email)).AccessFailedCount);
    }

    [Fact]
    public async Task Where_it_is_required_nothing_else_is_reached_before_it_is_set_up()
    {
        var clinic = await users.ClinicAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        (await administrator.PostAsync("/users", "/users?handler=RequireTwoFactor", Form(("required", "true")))).Dispose();
        using var visitor = await users.SignedInAsync(await clinic.UserAsync());

        foreach (var path in new[] { "/", "/usage-report", "/usage-report/csv?year=2026&month=10&sessions=true", "/saved-reports", "/Identity/Account/Manage/ChangePassword", "/nowhere" })
        {
            using var led = await visitor.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.Redirect, Manage), (path, led.StatusCode, led.Headers.Location?.OriginalString));
        }
        using var fragment = await visitor.GetFragmentAsync("/usage-report?year=2026&month=10&sessions=true");
        Assert.Equal((HttpStatusCode.Forbidden, Manage), (fragment.StatusCode, Assert.Single(fragment.Headers.GetValues("HX-Redirect"))));
        Assert.Contains("HX-Request", fragment.Headers.Vary);
        Assert.True(fragment.Headers.CacheControl!.NoStore);
        using var posted = await visitor.PostAsync(Manage, "/usage-report/pdf?year=2026&month=10&sessions=true");
        Assert.Equal(Manage, posted.Headers.Location!.OriginalString);
        using var css = await visitor.GetAsync("/css/site.css");
        Assert.Equal(HttpStatusCode.OK, css.StatusCode);

        var (_, page) = await users.SetUpTwoFactorAsync(visitor);
        Assert.Equal(10, Codes(page).Count);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(visitor));
    }

    [Fact]
    public async Task Who_is_signed_in_when_it_becomes_required_is_led_to_it_within_a_minute()
    {
        var clinic = await users.ClinicAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        using var required = await administrator.PostAsync("/users", "/users?handler=RequireTwoFactor", Form(("required", "true")));
        Assert.Contains("Setting: Required of everybody", Assert.Single(await clinic.AuditAsync("Two-factor sign-in")), StringComparison.Ordinal);

        Site.Clock.Advance(TimeSpan.FromSeconds(61));
        using var led = await administrator.GetAsync("/users");

        Assert.Equal(Manage, led.Headers.Location!.OriginalString);
        using var signedOut = await administrator.PostAsync(Manage, "/Identity/Account/Logout");
        Assert.Equal(Visitor.LoginPath, signedOut.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_session_with_two_factors_stays_one_through_the_renewals_of_its_claims()
    {
        var clinic = await users.ClinicAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        await users.SetUpTwoFactorAsync(administrator);
        (await administrator.PostAsync("/users", "/users?handler=RequireTwoFactor", Form(("required", "true")))).Dispose();
        for (var minute = 1; minute <= 3; minute++)
        {
            Site.Clock.Advance(TimeSpan.FromSeconds(61));
            Assert.Equal((minute, HttpStatusCode.OK), (minute, await StatusAsync(administrator)));
        }
    }

    [Fact]
    public async Task Where_it_is_required_switching_off_leads_to_setting_it_up_again()
    {
        var clinic = await users.ClinicAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        await users.SetUpTwoFactorAsync(administrator);
        (await administrator.PostAsync("/users", "/users?handler=RequireTwoFactor", Form(("required", "true")))).Dispose();
        (await administrator.PostAsync(Manage, Manage + "?handler=Off", Form(("offPassword", Site.Password)))).Dispose();
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(administrator));
        await users.SetUpTwoFactorAsync(administrator);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(administrator));
    }

    private async Task<(Clinic Clinic, string Email)> UserAsync()
    {
        // The morning after: what one test locked is open again, and no test crosses midnight.
        var now = Now;
        Site.Clock.SetUtcNow(new DateTimeOffset(now.UtcDateTime.Date.AddDays(1).AddHours(9), TimeSpan.Zero));
        var clinic = await users.ClinicAsync();
        return (clinic, await clinic.UserAsync());
    }

    /// <summary>A user with a phone, whose set-up is half a minute ago.</summary>
    private async Task<(Clinic Clinic, string Email, Phone Phone, IReadOnlyList<string> Codes)> WithPhoneAsync()
    {
        var (clinic, email) = await UserAsync();
        using var visitor = await users.SignedInAsync(email);
        var (phone, page) = await users.SetUpTwoFactorAsync(visitor);
        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        return (clinic, email, phone, Codes(page));
    }

    private async Task<Visitor> PasswordGivenAsync(string email, string returnUrl = "/")
    {
        var visitor = new Visitor(Site);
        using var answer = await visitor.SignInAsync(email, Site.Password, $"{Visitor.LoginPath}?returnUrl={Uri.EscapeDataString(returnUrl)}");
        Assert.Equal($"{SecondStep}?returnUrl={Uri.EscapeDataString(returnUrl)}", answer.Headers.Location!.OriginalString);
        return visitor;
    }

    private static Task<HttpResponseMessage> CodeAsync(Visitor visitor, string path, string code) => visitor.PostAsync(path, path, Form(("Code", code)));

    private static async Task<HttpStatusCode> StatusAsync(Visitor visitor)
    {
        using var answer = await visitor.GetAsync("/usage-report");
        return answer.StatusCode;
    }

    private static IReadOnlyList<string> Codes(IHtmlDocument page) => [.. page.QuerySelectorAll(".recovery-codes code").Select(code => code.TextContent)];

    private static Dictionary<string, string> Form(params (string Name, string Value)[] fields) => fields.ToDictionary(field => field.Name, field => field.Value);
}
