using System.Net;
using System.Text.Json;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Features.Users;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Security;

public sealed class PasswordRulesTests(UsersSite users) : IClassFixture<UsersSite>
{
    private const string Josephine = "josephine.bartlett@clinic.example";
    private const string ChangePassword = "/Identity/Account/Manage/ChangePassword";

    [Theory]
    [InlineData("1QAZ2wsx3edc")]
    [InlineData("passwordpassword")]
    [InlineData("Password2026!!")]
    [InlineData("...Basketball...")]
    public async Task A_common_password_is_refused(string password) => Assert.Equal([NotCommon.Refusal], await MakeAsync(Josephine, password));

    [Theory]
    [InlineData("josephine.bartlett@clinic.example")]
    [InlineData("Josephine.Bartlett")]
    [InlineData("JosephineBartlett2026")]
    [InlineData("Riverside-Clinic-1")]
    [InlineData("CreditUsage 2026")]
    [InlineData("credit usage riverside clinic")]
    public async Task A_password_of_the_own_address_or_the_names_of_site_and_clinic_is_refused(string password) =>
        Assert.Equal([NotOwnWords.Refusal], await MakeAsync(Josephine, password));

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("riverside clinic staple battery")]
    [InlineData("4917 2288 1603 5520 ab")]
    public async Task Another_is_taken(string password) => Assert.Empty(await MakeAsync(users.Address(), password));

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
    private async Task<IReadOnlyList<string>> MakeAsync(string email, string password)
    {
        var clinic = await users.Site.SubscriptionAsync("Riverside Clinic", new DateOnly(2026, 1, 1));
        return await users.Site.InAsync(clinic, services => services.GetRequiredService<CreateUser>().RunAsync(email, password, Roles.FinanceAdministrator));
    }
}
