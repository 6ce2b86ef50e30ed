using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Security;

public sealed class SignInTabsTests(SignInSite signIn) : IClassFixture<SignInSite>
{
    private const string Elsewhere = Visitor.LoginPath + "?returnUrl=%2Fmonths";

    [Fact]
    public async Task A_second_tab_with_the_sign_in_page_leads_on_once_the_first_has_signed_in()
    {
        var email = await signIn.UserAsync();
        using var browser = new Visitor(signIn.Site);
        var second = Token(await browser.PageAsync(Elsewhere));
        (await browser.SignInAsync(email, Site.Password)).Dispose();

        using var answer = await PostAsync(browser, Elsewhere, email, second);

        Assert.Equal((HttpStatusCode.Redirect, "/months"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task For_somebody_else_it_says_who_is_signed_in()
    {
        var (email, other) = (await signIn.UserAsync(), await signIn.UserAsync());
        using var browser = new Visitor(signIn.Site);
        var second = Token(await browser.PageAsync(Visitor.LoginPath));
        (await browser.SignInAsync(email, Site.Password)).Dispose();

        using var answer = await PostAsync(browser, Visitor.LoginPath, other, second);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var page = await browser.PageAsync(answer.Headers.Location!.OriginalString);
        Assert.Contains($"You are signed in as {email}", page.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(email, page.QuerySelector(".signed-in-as")!.TextContent);
    }

    [Fact]
    public async Task A_form_from_before_new_keys_is_shown_afresh_in_words()
    {
        var email = await signIn.UserAsync();
        using var browser = new Visitor(signIn.Site);
        using var answer = await PostAsync(browser, Elsewhere, email, "CfDJ8Amade-up");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var page = await browser.PageAsync(answer.Headers.Location!.OriginalString);
        Assert.Contains("The form was out of date", page.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("returnUrl=%2Fmonths", page.QuerySelector("form.account-form")!.GetAttribute("action"), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(Visitor.LoginPath, "application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData(Visitor.LoginPath, "application/x-www-form-urlencoded; charset=\"x-nobody-knows\"")]
    [InlineData("/theme", "application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData("/theme", "multipart/form-data; boundary=x; charset=utf-7")]
    [InlineData("/verify", "multipart/form-data; boundary=x; charset=x-nobody-knows")]
    [InlineData("/api/v1/usage-events", "application/json; charset=utf-7")]
    public async Task A_body_in_a_charset_that_is_not_read_is_answered_415_in_words(string path, string type)
    {
        using var answer = await SendAsync(path, type, "a=b");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.NotEmpty(await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("windows-1252")]
    [InlineData("x-nobody-knows")]
    public async Task A_part_of_a_form_in_such_a_charset_is_no_fault_of_the_server(string charset)
    {
        var body = $"--x\r\nContent-Disposition: form-data; name=\"Input.Email\"\r\nContent-Type: text/plain; charset={charset}\r\n\r\na@b.example\r\n--x--\r\n";
        foreach (var path in new[] { Visitor.LoginPath, "/theme", "/verify" })
        {
            using var answer = await SendAsync(path, "multipart/form-data; boundary=x", body);
            Assert.InRange((int)answer.StatusCode, 400, 499);
        }
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("UTF-8")]
    [InlineData("us-ascii")]
    public async Task A_charset_that_is_read_is_taken(string charset)
    {
        using var answer = await SendAsync(Visitor.LoginPath, $"application/x-www-form-urlencoded; charset={charset}", "a=b");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string type, string body)
    {
        using var visitor = new Visitor(signIn.Site);
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await visitor.Http.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    private static string Token(IDocument page) => page.QuerySelector<IHtmlInputElement>("form.account-form input[name=__RequestVerificationToken]")!.Value;

    private static async Task<HttpResponseMessage> PostAsync(Visitor browser, string path, string email, string token)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["Input.Email"] = email, ["Input.Password"] = Site.Password, ["__RequestVerificationToken"] = token });
        return await browser.Http.PostAsync(new Uri(path, UriKind.Relative), form);
    }
}
