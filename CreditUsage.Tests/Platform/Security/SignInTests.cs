using System.Net;
using System.Text.RegularExpressions;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Security;

public sealed partial class SignInTests(SignInSite signIn) : IClassFixture<SignInSite>
{
    private const string Wrong = "not the right password";
    private const string ChangePassword = "/Identity/Account/Manage/ChangePassword";

    private static string? s_known;

    private Site Site => signIn.Site;

    [Fact]
    public async Task The_right_password_signs_in_for_as_long_as_the_browser_is_open()
    {
        using var visitor = new Visitor(Site);
        using var answer = await visitor.SignInAsync(await signIn.UserAsync(), Site.Password);

        Assert.Equal((HttpStatusCode.Redirect, "/dashboard"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("CreditUsage.SignIn=", StringComparison.Ordinal));
        Assert.DoesNotContain("expires", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("max-age", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain((await visitor.PageAsync(Visitor.LoginPath)).QuerySelectorAll("input"), input => input.GetAttribute("name")?.Contains("Remember", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Ten_wrong_passwords_lock_until_midnight_UTC_and_nothing_tells_so()
    {
        signIn.GoTo(TimeSpan.FromHours(14));
        var email = await signIn.UserAsync();
        for (var attempt = 1; attempt <= 10; attempt++) Assert.Equal(HttpStatusCode.UnprocessableEntity, await signIn.TryAsync(email, Wrong));

        Assert.Equal(await RefusalAsync(await signIn.UserAsync(), Wrong), await RefusalAsync(email, Site.Password));
        signIn.GoTo(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await signIn.TryAsync(email, Site.Password));
        signIn.GoTo(TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.Redirect, await signIn.TryAsync(email, Site.Password));
    }

    [Fact]
    public async Task Guesses_at_the_same_moment_are_counted_each()
    {
        signIn.GoTo(TimeSpan.FromHours(14));
        var email = await signIn.UserAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => signIn.TryAsync(email, Wrong)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.UnprocessableEntity, answer));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await signIn.TryAsync(email, Site.Password));
    }

    [Fact]
    public async Task A_password_is_taken_exactly_as_it_was_typed()
    {
        const string typed = "  A Phrase of MIXED case and outer spaces\t";
        var email = await signIn.UserAsync();
        using var visitor = await Visitor.SignedInAsync(Site, email);
        (await visitor.PostAsync(ChangePassword, ChangePassword, new Dictionary<string, string> { ["Input.Present"] = Site.Password, ["Input.New"] = typed, ["Input.Again"] = typed })).Dispose();
        foreach (var other in new[] { typed.Trim(), typed.TrimEnd(), typed.ToLowerInvariant(), typed.ToUpperInvariant(), typed[..^2] }) Assert.Equal(HttpStatusCode.UnprocessableEntity, await signIn.TryAsync(email, other));
        Assert.Equal(HttpStatusCode.Redirect, await signIn.TryAsync(email, typed));
    }

    [Theory]
    [InlineData(Visitor.LoginPath, "current-password")]
    [InlineData(ChangePassword, "current-password", "new-password", "new-password")]
    [InlineData("/api-keys", "current-password")]
    [InlineData("/Identity/Account/Manage/TwoFactor", "current-password")]
    public async Task A_field_for_a_password_hides_it_and_says_what_it_is_for(string path, params string[] autocomplete)
    {
        var email = await signIn.UserAsync(CreditUsage.Platform.Security.Roles.Administrator);
        using var visitor = path == Visitor.LoginPath ? new Visitor(Site) : await Visitor.SignedInAsync(Site, email);
        // The last one asks for it only later.
        Site.Clock.Advance(TimeSpan.FromMinutes(11));
        var fields = (await visitor.PageAsync(path)).QuerySelectorAll("main input").Where(IsPassword).ToList();
        Assert.Equal(autocomplete, fields.Select(field => field.GetAttribute("autocomplete")));
        Assert.All(fields, field => Assert.Equal("password", field.GetAttribute("type")));
    }

    private static bool IsPassword(AngleSharp.Dom.IElement field) => field.GetAttribute("type") == "password" || field.GetAttribute("autocomplete")?.EndsWith("-password", StringComparison.Ordinal) == true
        || field.GetAttribute("name")?.Contains("password", StringComparison.OrdinalIgnoreCase) == true;

    [Theory]
    [InlineData("\uFFFE@example.com")]
    [InlineData("zo\u00EB@example.com")]
    public async Task An_address_of_odd_characters_is_an_unknown_one(string email) =>
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await signIn.TryAsync(email, Wrong));

    [Fact]
    public async Task Nine_wrong_passwords_do_not_lock_and_the_right_one_forgets_them()
    {
        var email = await signIn.UserAsync();
        for (var round = 1; round <= 2; round++)
        {
            for (var attempt = 1; attempt <= 9; attempt++) await signIn.TryAsync(email, Wrong);
            Assert.Equal(HttpStatusCode.Redirect, await signIn.TryAsync(email, Site.Password));
        }
    }

    [Fact]
    public async Task Guessing_the_old_password_where_it_is_changed_counts_as_well()
    {
        signIn.GoTo(TimeSpan.FromHours(10));
        var email = await signIn.UserAsync();
        using var visitor = await Visitor.SignedInAsync(Site, email);
        for (var attempt = 1; attempt <= 10; attempt++) await ChangeAsync(visitor, Wrong, "a quite different phrase");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, await signIn.TryAsync(email, Site.Password));
        await ChangeAsync(visitor, Site.Password, "a quite different phrase");
        signIn.GoTo(TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.Redirect, await signIn.TryAsync(email, Site.Password));
    }

    [Fact]
    public async Task A_changed_password_is_the_one_that_counts_and_ends_the_other_sessions_at_once()
    {
        var email = await signIn.UserAsync();
        using var here = await Visitor.SignedInAsync(Site, email);
        using var elsewhere = await Visitor.SignedInAsync(Site, email);

        await ChangeAsync(here, Site.Password, "a quite different phrase");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(here));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(elsewhere));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await signIn.TryAsync(email, Site.Password));
        Assert.Equal(HttpStatusCode.Redirect, await signIn.TryAsync(email, "a quite different phrase"));
    }

    [Fact]
    public async Task An_unknown_address_gets_the_answer_of_a_wrong_password() =>
        Assert.Equal(await RefusalAsync(await signIn.UserAsync(), Wrong), await RefusalAsync("nobody@clinic.example", Wrong));

    [Theory]
    [InlineData("", "x")]
    [InlineData("a@b.example", "")]
    public async Task An_empty_field_is_answered_422_in_words(string email, string password)
    {
        using var visitor = new Visitor(Site);
        using var answer = await visitor.SignInAsync(email, password);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Single((await Visitor.ReadAsync(answer)).QuerySelectorAll(".field-fault"), fault => fault.TextContent.StartsWith("Enter your ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_copied_cookie_is_worth_nothing_after_signing_out()
    {
        using var visitor = await Visitor.SignedInAsync(Site, await signIn.UserAsync());
        using var thief = new Visitor(Site);
        thief.Cookies.Add(visitor.Cookies.GetAllCookies());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(thief));

        using var signedOut = await visitor.PostAsync("/usage-report", "/Identity/Account/Logout");

        Assert.Equal(HttpStatusCode.Redirect, signedOut.StatusCode);
        Assert.Equal("\"cache\"", Assert.Single(signedOut.Headers.GetValues("Clear-Site-Data")));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(thief));
    }

    [Fact]
    public async Task A_cookie_from_before_is_not_the_one_after_signing_in()
    {
        using var visitor = new Visitor(Site);
        visitor.Cookies.Add(visitor.Http.BaseAddress!, new Cookie("CreditUsage.SignIn", "planted"));
        using var answer = await visitor.SignInAsync(await signIn.UserAsync(), Site.Password);
        Assert.NotEqual("planted", visitor.Cookies.GetCookies(visitor.Http.BaseAddress!)["CreditUsage.SignIn"]!.Value);
    }

    [Fact]
    public async Task An_idle_session_ends_after_half_an_hour()
    {
        using var visitor = await Visitor.SignedInAsync(Site, await signIn.UserAsync());
        Site.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(visitor));
        Site.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(visitor));
    }

    [Fact]
    public async Task A_busy_session_ends_twelve_hours_after_its_sign_in()
    {
        using var visitor = await Visitor.SignedInAsync(Site, await signIn.UserAsync());
        for (var minutes = 20; minutes < 12 * 60; minutes += 20)
        {
            Site.Clock.Advance(TimeSpan.FromMinutes(20));
            Assert.Equal((minutes, HttpStatusCode.OK), (minutes, await StatusAsync(visitor)));
        }
        Site.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(visitor));
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("/%09/evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("https:evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/%2f%2fevil.example")]
    [InlineData("http://127.0.0.1@evil.example")]
    [InlineData("evil.example")]
    [InlineData("/\u00E9")]
    public async Task A_return_address_elsewhere_is_not_followed(string returnUrl)
    {
        using var visitor = new Visitor(Site);
        using var answer = await visitor.SignInAsync(await signIn.UserAsync(), Site.Password, $"{Visitor.LoginPath}?returnUrl={Uri.EscapeDataString(returnUrl)}");
        var target = new Uri(visitor.Http.BaseAddress!, answer.Headers.Location!);
        Assert.Equal((HttpStatusCode.Redirect, visitor.Http.BaseAddress!.Authority), (answer.StatusCode, target.Authority));
        Assert.DoesNotContain("//", target.AbsolutePath, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/usage-report?year=2026&month=10&sessions=true", "/usage-report?year=2026&month=10&sessions=true")]
    [InlineData("/", "/dashboard")]
    public async Task A_return_address_of_the_site_is_followed_and_its_start_leads_to_Home(string path, string landing)
    {
        using var visitor = new Visitor(Site);
        using var asked = await visitor.GetAsync(path);
        using var answer = await visitor.SignInAsync(await signIn.UserAsync(), Site.Password, asked.Headers.Location!.OriginalString);
        Assert.Equal(landing, answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task The_sign_in_page_is_a_card_without_the_navigation()
    {
        using var stranger = new Visitor(Site);
        var page = await stranger.PageAsync(Visitor.LoginPath);
        Assert.Equal("Sign in", page.QuerySelector(".sign-in-card h1")!.TextContent);
        Assert.Equal("CreditUsage", page.QuerySelector("header")!.TextContent.Trim());
        Assert.Null(page.QuerySelector("nav"));
    }

    [Theory]
    [InlineData("Register")]
    [InlineData("RegisterConfirmation")]
    [InlineData("ResetPassword")]
    [InlineData("ConfirmEmail")]
    [InlineData("ResendEmailConfirmation")]
    [InlineData("ExternalLogin")]
    [InlineData("LoginWith2fa")]
    [InlineData("LoginWithRecoveryCode")]
    [InlineData("Lockout")]
    [InlineData("Manage")]
    [InlineData("Manage/Index")]
    [InlineData("Manage/Email")]
    [InlineData("Manage/DeletePersonalData")]
    [InlineData("Manage/PersonalData")]
    [InlineData("Manage/SetPassword")]
    [InlineData("Manage/TwoFactorAuthentication")]
    public async Task The_other_pages_of_Identity_do_not_exist(string page)
    {
        using var stranger = new Visitor(Site);
        using var refused = await stranger.GetAsync("/Identity/Account/" + page);
        Assert.StartsWith(Visitor.LoginPath, refused.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var visitor = await Visitor.SignedInAsync(Site, s_known ??= await signIn.UserAsync());
        using var get = await visitor.GetAsync("/Identity/Account/" + page);
        using var post = await visitor.PostAsync("/usage-report", "/Identity/Account/" + page);
        Assert.Equal(HttpStatusCode.NotFound, get.StatusCode);
        Assert.Contains(post.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed });
    }

    [Theory]
    [InlineData(Visitor.LoginPath)]
    [InlineData("/Identity/Account/Logout")]
    [InlineData(ChangePassword)]
    [InlineData("/usage-report/pdf?year=2026&month=10&sessions=true")]
    [InlineData("/theme")]
    public async Task A_form_without_its_token_is_refused_and_does_nothing(string path)
    {
        using var visitor = await Visitor.SignedInAsync(Site, await signIn.UserAsync());
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["theme"] = "dark", ["returnUrl"] = "/" });
        using var answer = await visitor.Http.PostAsync(new Uri(path, UriKind.Relative), form);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(visitor));
        Assert.Null(visitor.Cookies.GetCookies(visitor.Http.BaseAddress!)["CreditUsage.Theme"]);
    }

    [Fact]
    public async Task A_token_of_another_user_is_refused()
    {
        using var other = await Visitor.SignedInAsync(Site, await signIn.UserAsync());
        using var visitor = await Visitor.SignedInAsync(Site, await signIn.UserAsync());
        var token = (await other.PageAsync("/usage-report")).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token });
        using var answer = await visitor.Http.PostAsync(new Uri("/Identity/Account/Logout", UriKind.Relative), form);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (answer.StatusCode, await StatusAsync(visitor)));
    }

    private static async Task ChangeAsync(Visitor visitor, string from, string to)
    {
        using var answer = await visitor.PostAsync(ChangePassword, ChangePassword, new Dictionary<string, string>
        {
            ["Input.Present"] = from,
            ["Input.New"] = to,
            ["Input.Again"] = to,
        });
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity });
    }

    private static async Task<HttpStatusCode> StatusAsync(Visitor visitor)
    {
        using var answer = await visitor.GetAsync("/usage-report");
        return answer.StatusCode;
    }

    /// <summary>The whole answer but for what is typed and what is random.</summary>
    private async Task<string> RefusalAsync(string email, string password)
    {
        using var visitor = new Visitor(Site);
        using var answer = await visitor.SignInAsync(email, password);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return Token().Replace(await answer.Content.ReadAsStringAsync(), "").Replace(email, "", StringComparison.Ordinal);
    }

    [GeneratedRegex("(?<=__RequestVerificationToken\"[^>]*value=\")[^\"]*", RegexOptions.None, 1000)]
    private static partial Regex Token();
}
