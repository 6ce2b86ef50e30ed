using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Features.Users;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Security;

public sealed class PasswordRulesTests(UsersSite users) : IClassFixture<UsersSite>
{
    private const string ChangePassword = "/Identity/Account/Manage/ChangePassword";

    [Theory]
    [InlineData("1QAZ2wsx3edc")]
    [InlineData("passwordpassword")]
    [InlineData("Password2026!!")]
    [InlineData("...Basketball...")]
    public async Task A_common_password_is_refused(string password) => Assert.Equal([NotCommon.Refusal], await MakeAsync(password, "Riverside Clinic"));

    [Theory]
    [InlineData("josephine.bartlett@clinic.example")]
    [InlineData("Josephine.Bartlett")]
    [InlineData("JosephineBartlett2026")]
    [InlineData("Riverside-Clinic-1")]
    [InlineData("CreditUsage 2026")]
    [InlineData("credit usage riverside clinic")]
    public async Task A_password_of_the_own_address_or_the_names_of_site_and_clinic_is_refused(string password) =>
        Assert.Equal([NotOwnWords.Refusal], await MakeAsync(password, "Riverside Clinic"));

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("riverside clinic staple battery")]
    [InlineData("4917 2288 1603 5520 ab")]
    public async Task Another_is_taken(string password) => Assert.Empty(await MakeAsync(password, "Riverside Clinic"));

    [Fact]
    public async Task The_list_is_the_one_of_the_package_and_long()
    {
        await using var list = typeof(NotCommon).Assembly.GetManifestResourceStream("common-passwords.json")!;
        Assert.True((await JsonSerializer.DeserializeAsync<string[]>(list))!.Distinct(StringComparer.OrdinalIgnoreCase).Count() >= 10_000);
    }

    [Fact]
    public async Task They_are_refused_where_a_password_is_changed_and_where_a_link_sets_one()
    {
        var clinic = await users.ClinicAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        using var changed = await administrator.PostAsync(ChangePassword, ChangePassword, new Dictionary<string, string> { ["Input.Present"] = Site.Password, ["Input.New"] = "password1234", ["Input.Again"] = "password1234" });
        var link = await Clinic.InviteAsync(administrator, "somebody.new@clinic.example");
        using var invited = new Visitor(users.Site);
        using var set = await invited.PostAsync(link, link, new Dictionary<string, string> { ["Input.New"] = "somebody.new1", ["Input.Again"] = "somebody.new1" });

        Assert.Equal((HttpStatusCode.UnprocessableEntity, NotCommon.Refusal), (changed.StatusCode, await FaultAsync(changed)));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, NotOwnWords.Refusal), (set.StatusCode, await FaultAsync(set)));
    }

    private static async Task<string?> FaultAsync(HttpResponseMessage answer) => (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary a")?.TextContent;

    /// <summary>As the verb create-user does.</summary>
    private async Task<IReadOnlyList<string>> MakeAsync(string password, string clinic)
    {
        await using var site = new Site();
        var id = await site.SubscriptionAsync(clinic, new DateOnly(2026, 1, 1));
        return await site.InAsync(id, services => CreateAsync(services, password));
    }

    private static Task<IReadOnlyList<string>> CreateAsync(IServiceProvider services, string password) =>
        ((CreateUser)services.GetService(typeof(CreateUser))!).RunAsync("josephine.bartlett@clinic.example", password, Roles.FinanceAdministrator);
}
