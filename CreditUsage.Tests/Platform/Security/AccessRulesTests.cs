using System.Security.Claims;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Features.Users;
using Htmx;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>Each rule of who gets in, asked by itself: the tests of pages ask them together.</summary>
public sealed class AccessRulesTests(UsersSite users) : IClassFixture<UsersSite>
{
    private const string TemporaryPassword = "temporary-password";

    private Site Site => users.Site;

    [Fact]
    public void There_are_three_roles() => Assert.Equal(["FinanceAdministrator", "Administrator", "Auditor"], Roles.All);

    [Theory]
    [InlineData("7", 7)]
    [InlineData("-7", null)]
    [InlineData(" 7", null)]
    [InlineData("seven", null)]
    [InlineData(null, null)]
    public void A_session_is_in_the_clinic_that_its_claim_names(string? claim, int? clinic) => Assert.Equal(clinic, AppClaims.ClinicOf(claim is null ? Person() : Person((AppClaims.Subscription, claim))));

    [Fact]
    public async Task Whoever_has_one_clinic_is_in_it_with_their_role_and_nothing_else_is_asked()
    {
        var clinic = await users.ClinicAsync();
        var who = await ClaimsAsync(await clinic.UserAsync(Roles.Auditor));
        Assert.Equal((clinic.Id, Roles.Auditor), (AppClaims.ClinicOf(who), who.FindFirstValue(ClaimTypes.Role)));
        Assert.False(AppClaims.HasSeveral(who) || SecondFactor.IsMissing(who) || who.HasClaim(claim => claim.Type == TemporaryPassword));
    }

    [Fact]
    public async Task Of_several_clinics_a_session_is_in_the_one_entered_last_or_the_one_it_is_in_already()
    {
        var (first, second) = (await users.ClinicAsync(), await users.ClinicAsync());
        var email = await first.UserAsync(Roles.Auditor);
        await AddAsync(second, email, Roles.FinanceAdministrator);

        Assert.Equal((first.Id, Roles.Auditor, true), Entered(await ClaimsAsync(email)));
        Assert.Equal((second.Id, Roles.FinanceAdministrator, true), Entered(await ClaimsAsync(email, chosen: second.Id)));
        await MembershipAsync(second, email, membership => membership.EnteredAt = Site.Clock.GetUtcNow());
        Assert.Equal((second.Id, Roles.FinanceAdministrator, true), Entered(await ClaimsAsync(email)));
        Assert.Equal((first.Id, Roles.Auditor, true), Entered(await ClaimsAsync(email, chosen: first.Id)));
        Assert.Equal((second.Id, Roles.FinanceAdministrator, true), Entered(await ClaimsAsync(email, chosen: first.Id, of: "somebody else")));
    }

    [Fact]
    public async Task A_session_whose_clinic_is_closed_to_its_owner_leads_into_none()
    {
        var (first, second) = (await users.ClinicAsync(), await users.ClinicAsync());
        var email = await first.UserAsync();
        await AddAsync(second, email, Roles.Auditor);
        await MembershipAsync(second, email, membership => membership.DisabledAt = Site.Clock.GetUtcNow());

        Assert.Equal((null, null, false), Entered(await ClaimsAsync(email, chosen: second.Id)));
        Assert.Equal((first.Id, Roles.FinanceAdministrator, false), Entered(await ClaimsAsync(email)));
    }

    [Fact]
    public async Task One_clinic_that_wants_two_factors_wants_them_for_all()
    {
        var (first, second) = (await users.ClinicAsync(), await users.ClinicAsync());
        var email = await first.UserAsync();
        await AddAsync(second, email, Roles.Auditor);
        await Site.InAsync(second.Id, services => services.GetRequiredService<CreditUsageDb>().Subscriptions.Where(subscription => subscription.Id == second.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(subscription => subscription.RequiresTwoFactor, true)));
        var who = await ClaimsAsync(email);
        Assert.Equal(first.Id, AppClaims.ClinicOf(who));
        Assert.True(SecondFactor.IsMissing(who));
    }

    [Fact]
    public async Task A_temporary_password_is_told_to_the_session()
    {
        var clinic = await users.ClinicAsync();
        var email = users.Address();
        await Site.UserAsync(clinic.Id, email, Roles.Auditor, isTemporary: true);
        Assert.Contains(await ClaimsOfAsync(email), claim => claim.Type == TemporaryPassword);
    }

    [Fact]
    public async Task An_account_without_a_clinic_counts_as_unconfirmed()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        Assert.True(await IsConfirmedAsync(email));
        await MembershipAsync(clinic, email, membership => membership.DisabledAt = Site.Clock.GetUtcNow());
        Assert.False(await IsConfirmedAsync(email));
        await MembershipAsync(clinic, email, membership => (membership.DisabledAt, membership.JoinedAt) = (null, null));
        Assert.False(await IsConfirmedAsync(email));
    }

    [Fact]
    public async Task The_audit_of_an_account_is_the_clinics_that_a_sign_in_leads_to()
    {
        var (first, second) = (await users.ClinicAsync(), await users.ClinicAsync());
        var email = await first.UserAsync();
        await AddAsync(second, email, Roles.Auditor);
        Assert.Equal(first.Id, await HomeAsync(email));
        await MembershipAsync(first, email, membership => membership.DisabledAt = Site.Clock.GetUtcNow());
        Assert.Equal(second.Id, await HomeAsync(email));
        await MembershipAsync(second, email, membership => membership.DisabledAt = Site.Clock.GetUtcNow());
        Assert.Equal(first.Id, await HomeAsync(email));
        await MembershipAsync(second, email, membership => membership.EnteredAt = Site.Clock.GetUtcNow());
        Assert.Equal(second.Id, await HomeAsync(email));
    }

    [Fact]
    public async Task An_account_counts_elsewhere_once_it_has_joined_there()
    {
        var (first, second) = (await users.ClinicAsync(), await users.ClinicAsync());
        var email = await first.UserAsync();
        Assert.Equal((false, true), (await IsElsewhereAsync(first, email), await IsElsewhereAsync(second, email)));
        await AddAsync(second, email, Roles.Auditor);
        Assert.Equal((true, true), (await IsElsewhereAsync(first, email), await IsElsewhereAsync(second, email)));
        await MembershipAsync(second, email, membership => membership.JoinedAt = null);
        Assert.Equal((false, true), (await IsElsewhereAsync(first, email), await IsElsewhereAsync(second, email)));
    }

    [Fact]
    public void A_page_without_a_handler_for_the_method_is_not_allowed()
    {
        Assert.Equal(StatusCodes.Status405MethodNotAllowed, Assert.IsType<StatusCodeResult>(Handled(null)).StatusCode);
        Assert.Null(Handled(new HandlerMethodDescriptor()));
    }

    [Theory]
    [InlineData("GET", Roles.Auditor, true)]
    [InlineData("HEAD", Roles.Auditor, true)]
    [InlineData("POST", Roles.Auditor, false)]
    [InlineData("POST", Roles.Administrator, true)]
    public async Task A_page_may_be_read_by_more_people_than_may_post_to_it(string method, string role, bool allowed)
    {
        await using var services = new ServiceCollection().AddLogging().AddAuthorization(policies => policies.AddPolicy(Roles.MayAdminister, policy => policy.RequireRole(Roles.Administrator))).BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services, User = Person((ClaimTypes.Role, role)), Request = { Method = method } };
        var context = new AuthorizationFilterContext(new ActionContext(http, new RouteData(), new ActionDescriptor()), []);
        await new PostsNeedAttribute(Roles.MayAdminister).OnAuthorizationAsync(context);
        Assert.Equal(allowed, context.Result is null);
        Assert.True(allowed || context.Result is ForbidResult);
    }

    [Fact]
    public void Of_the_accounts_pages_ten_are_there()
    {
        var pages = Site.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints)
            .Select(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>()).Where(page => page?.AreaName == "Identity").Select(page => page!.ViewEnginePath).Distinct();
        Assert.Equal(
        [
            "/Account/AcceptInvitation", "/Account/AccessDenied", "/Account/ForgotPassword", "/Account/Login", "/Account/Logout", "/Account/Manage/ChangePassword", "/Account/Manage/Sessions",
            "/Account/Manage/TwoFactor", "/Account/RecoveryCode", "/Account/SecondStep",
        ], pages.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_request_without_a_clinic_enters_none()
    {
        var (http, current, went) = await EnterAsync(Person(), shown: "7");
        Assert.Equal((null, "CreditUsage", true, ""), (current.Id, current.Actor, went, http.Response.Headers.CacheControl.ToString()));
    }

    [Theory]
    [InlineData("someone@clinic.example", null, "someone@clinic.example")]
    [InlineData("someone@clinic.example", "7", "someone@clinic.example")]
    [InlineData(null, null, "CreditUsage")]
    public async Task A_request_enters_the_clinic_of_its_session_by_its_owners_name_and_stays_out_of_caches(string? name, string? shown, string actor)
    {
        var who = name is null ? Person((AppClaims.Subscription, "7")) : Person((AppClaims.Subscription, "7"), (ClaimTypes.Name, name));
        var (http, current, went) = await EnterAsync(who, shown);
        Assert.Equal((7, actor, true, "no-store"), (current.Id, current.Actor, went, http.Response.Headers.CacheControl.ToString()));
        Assert.Equal(StatusCodes.Status200OK, http.Response.StatusCode);
    }

    [Theory]
    [InlineData("/usage-report", "true")]
    [InlineData("/running-work", "")]
    public async Task A_part_for_a_page_of_another_clinic_is_not_given(string path, string refresh)
    {
        var (http, _, went) = await EnterAsync(Person((AppClaims.Subscription, "7")), shown: "8", path);
        Assert.Equal((false, StatusCodes.Status204NoContent, refresh), (went, http.Response.StatusCode, http.Response.Headers[HtmxResponseHeaders.Keys.Refresh].ToString()));
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    public void Two_factors_are_missing_where_they_are_required_and_not_given(bool required, bool given, bool missing) => Assert.Equal(missing, SecondFactor.IsMissing(WithOneFactor(required, given)));

    [Theory]
    [InlineData(false, "/usage-report", false)]
    [InlineData(true, "/identity/account/manage/twofactor", false)]
    [InlineData(true, "/usage-report", true)]
    public async Task Whoever_lacks_the_second_factor_gets_no_further_than_its_page(bool required, string path, bool led)
    {
        var (http, went) = await SecondFactorAsync(required, path);
        Assert.Equal(!led, went);
        Assert.Equal(led ? (StatusCodes.Status302Found, "/below" + RequireSecondFactor.SetUp, HtmxRequestHeaders.Keys.Request) : (StatusCodes.Status200OK, "", ""), (http.Response.StatusCode, http.Response.Headers.Location.ToString(), http.Response.Headers.Vary.ToString()));
    }

    [Fact]
    public async Task A_part_of_a_page_leads_there_too_and_what_anybody_may_reach_does_not()
    {
        var (http, went) = await SecondFactorAsync(true, "/usage-report", http => http.Request.Headers[HtmxRequestHeaders.Keys.Request] = "true");
        Assert.Equal((false, StatusCodes.Status403Forbidden, "/below" + RequireSecondFactor.SetUp, ""), (went, http.Response.StatusCode, http.Response.Headers[HtmxResponseHeaders.Keys.Redirect].ToString(), http.Response.Headers.Location.ToString()));
        Assert.True((await SecondFactorAsync(true, "/Error", http => http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new AllowAnonymousAttribute()), "open")))).Went);
        Assert.False((await SecondFactorAsync(true, "/users", http => http.SetEndpoint(new Endpoint(null, EndpointMetadataCollection.Empty, "closed")))).Went);
    }

    [Fact]
    public async Task A_renewed_session_still_says_how_its_owner_signed_in()
    {
        var renew = Site.Services.GetRequiredService<IOptions<SecurityStampValidatorOptions>>().Value.OnRefreshingPrincipal!;
        var renewed = Person((AppClaims.Subscription, "7"));
        await renew(new SecurityStampRefreshingPrincipalContext { CurrentPrincipal = Person((SecondFactor.Method, SecondFactor.Both)), NewPrincipal = renewed });
        Assert.Equal(SecondFactor.Both, renewed.FindFirstValue(SecondFactor.Method));
        await renew(new SecurityStampRefreshingPrincipalContext { CurrentPrincipal = null, NewPrincipal = renewed });
        Assert.Equal(2, renewed.Claims.Count());
    }

    private static ClaimsPrincipal Person(params (string Type, string Value)[] claims) => new(new ClaimsIdentity(claims.Select(claim => new Claim(claim.Type, claim.Value)), "test"));

    private static ClaimsPrincipal WithOneFactor(bool required, bool given = false) =>
        Person([(SecondFactor.Method, given ? SecondFactor.Both : SecondFactor.PasswordAlone), .. required ? new[] { (SecondFactor.Required, bool.TrueString) } : []]);

    private static (int? Clinic, string? Role, bool HasSeveral) Entered(ClaimsPrincipal who) => (AppClaims.ClinicOf(who), who.FindFirstValue(ClaimTypes.Role), AppClaims.HasSeveral(who));

    private static IActionResult? Handled(HandlerMethodDescriptor? handler)
    {
        var context = new PageHandlerExecutingContext(new PageContext(new ActionContext(new DefaultHttpContext(), new RouteData(), new ActionDescriptor())), [], handler, new Dictionary<string, object?>(), new object());
        new HandledMethodsOnly().OnPageHandlerExecuting(context);
        return context.Result;
    }

    private static async Task<(HttpContext Http, CurrentSubscription Current, bool Went)> EnterAsync(ClaimsPrincipal who, string? shown, string path = "/usage-report")
    {
        var (http, current, went) = (new DefaultHttpContext { User = who, Request = { Path = path } }, new CurrentSubscription(), false);
        if (shown is not null) http.Request.Headers[EnterSubscription.Shown] = shown;
        await new EnterSubscription(_ =>
        {
            went = true;
            return Task.CompletedTask;
        }).InvokeAsync(http, current);
        return (http, current, went);
    }

    private static async Task<(HttpContext Http, bool Went)> SecondFactorAsync(bool required, string path, Action<HttpContext>? change = null)
    {
        var (http, went) = (new DefaultHttpContext { User = WithOneFactor(required), Request = { PathBase = "/below", Path = path } }, false);
        change?.Invoke(http);
        await new RequireSecondFactor(_ =>
        {
            went = true;
            return Task.CompletedTask;
        }).InvokeAsync(http);
        return (http, went);
    }

    private Task<ClaimsPrincipal> ClaimsAsync(string email, int? chosen = null, string? of = null) => WithAccountAsync(email, (services, user) =>
    {
        if (chosen is { } clinic) services.GetRequiredService<ChosenClinic>().Choose(of ?? user.Id, clinic);
        return services.GetRequiredService<IUserClaimsPrincipalFactory<AppUser>>().CreateAsync(user);
    });

    private async Task<IEnumerable<Claim>> ClaimsOfAsync(string email) => (await ClaimsAsync(email)).Claims;

    private Task<bool> IsConfirmedAsync(string email) => WithAccountAsync(email, (services, user) =>
        services.GetRequiredService<IUserConfirmation<AppUser>>().IsConfirmedAsync(services.GetRequiredService<UserManager<AppUser>>(), user));

    private Task<int> HomeAsync(string email) => WithAccountAsync(email, (services, user) => services.GetRequiredService<OwnClinics>().HomeOfAsync(user));

    /// <summary>As a request does before it has entered a clinic.</summary>
    private async Task<T> WithAccountAsync<T>(string email, Func<IServiceProvider, AppUser, Task<T>> ask)
    {
        await using var scope = Site.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider, (await scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>().FindByEmailAsync(email))!);
    }

    private async Task<bool> IsElsewhereAsync(Clinic clinic, string email)
    {
        var account = await WithAccountAsync(email, (_, user) => Task.FromResult(user.Id));
        return await Site.InAsync(clinic.Id, services => services.GetRequiredService<OwnClinics>().AnyElsewhereAsync(account, CancellationToken.None));
    }

    private async Task AddAsync(Clinic clinic, string email, string role) =>
        Assert.True(await Site.InAsync(clinic.Id, services => services.GetRequiredService<CreateUser>().AddAsync(email, role, CancellationToken.None)));

    private Task<int> MembershipAsync(Clinic clinic, string email, Action<Membership> change) => Site.InAsync(clinic.Id, async services =>
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        var membership = await db.Memberships.SingleAsync(one => db.Users.Any(user => user.Id == one.UserId && user.Email == email));
        change(membership);
        return await db.SaveChangesAsync();
    });
}
