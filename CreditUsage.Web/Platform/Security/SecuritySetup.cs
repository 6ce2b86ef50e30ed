using System.Security.Claims;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using Htmx;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Platform.Security;

public static class SecuritySetup
{
    /// <summary>By https the browser knows it with the prefix __Host-.</summary>
    public const string SignInCookieName = "CreditUsage.SignIn";

    /// <summary>What open pages ask for by themselves, every few seconds: that is no use of the session.</summary>
    private const string AskedByPages = "/running-work";

    internal static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(30);

    public static void AddSecurity(this IServiceCollection services, CreditUsageOptions options)
    {
        services.AddSecretKeys(options);
        services.AddScoped<IUserConfirmation<AppUser>, EnabledAccounts>();
        services.AddDefaultIdentity<AppUser>(Accounts).AddRoles<IdentityRole>().AddUserManager<AppUserManager>()
            .AddClaimsPrincipalFactory<AppClaims>().AddEntityFrameworkStores<CreditUsageDb>().AddUserStore<AppUserStore>()
            .AddPasswordValidator<NotCommon>().AddPasswordValidator<NotOwnWords>()
            .AddTokenProvider<AuthenticatorCodes>(TokenOptions.DefaultAuthenticatorProvider);
        services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = 210_000);
        services.Configure<SecurityStampValidatorOptions>(stamp =>
        {
            stamp.ValidationInterval = TimeSpan.FromMinutes(1);
            stamp.OnRefreshingPrincipal = renewal => SecondFactor.KeepAsync(renewal.CurrentPrincipal, renewal.NewPrincipal);
        });

        services.AddSingleton<PasswordThrottle>();
        services.AddSingleton<SecurityLog>().AddSingleton<AccountAudit>();
        services.AddSingleton<RefusedTries>();
        services.AddHostedService(provider => provider.GetRequiredService<RefusedTries>());
        services.AddScoped<IAuthenticationHandlerProvider, RequestHandlers>();
        services.AddScoped<KnownBrowsers>().AddScoped<RenewSession>();
        services.AddScoped<OwnClinics>().AddScoped<ChosenClinic>().AddScoped<SwitchClinic>().AddScoped<FormerHome>();
        services.AddSingleton<IAntiforgeryAdditionalDataProvider, FormOfClinic>();
        services.AddScoped<InvitationLinks>();
        services.AddScoped<SwitchTwoFactor>();
        services.AddSingleton<ITicketStore, DatabaseTicketStore>();
        services.ConfigureApplicationCookie(SignInCookie);
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<ITicketStore, TimeProvider>((cookie, store, clock) => (cookie.SessionStore, cookie.TimeProvider) = (store, clock));
        services.AddAntiforgery(token => (token.Cookie.Name, token.Cookie.SecurePolicy) = ("CreditUsage.Antiforgery", CookieSecurePolicy.SameAsRequest));

        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(Members().Build())
            .SetDefaultPolicy(Members().Build())
            .AddPolicy(Roles.MayChange, policy => policy.RequireClaim(AppClaims.Subscription).RequireRole(Roles.FinanceAdministrator, Roles.Administrator))
            .AddPolicy(Roles.MayAdminister, policy => policy.RequireClaim(AppClaims.Subscription).RequireRole(Roles.Administrator))
            .AddPolicy(Roles.MayAudit, policy => policy.RequireClaim(AppClaims.Subscription).RequireRole(Roles.Administrator, Roles.Auditor));
    }

    /// <summary>The content policy has no unsafe-*: scripts and styles are files of the site.</summary>
    public static void UseSecurityHeadersOfSite(this IApplicationBuilder app) => app.UseSecurityHeaders(new HeaderPolicyCollection()
        .AddFrameOptionsDeny()
        .AddContentTypeOptionsNoSniff()
        .AddReferrerPolicySameOrigin()
        .AddCrossOriginOpenerPolicy(policy => policy.SameOrigin())
        .AddCrossOriginResourcePolicy(policy => policy.SameOrigin())
        .AddPermissionsPolicy(policy =>
        {
            policy.AddCamera().None();
            policy.AddGeolocation().None();
            policy.AddMicrophone().None();
            policy.AddPayment().None();
            policy.AddUsb().None();
        })
        .AddStrictTransportSecurityMaxAgeIncludeSubDomains(maxAgeInSeconds: 60 * 60 * 24 * 365)
        .RemoveServerHeader()
        .AddContentSecurityPolicy(policy =>
        {
            policy.AddDefaultSrc().None();
            policy.AddScriptSrc().Self();
            policy.AddStyleSrc().Self();
            policy.AddImgSrc().Self().Data();
            policy.AddConnectSrc().Self();
            policy.AddFormAction().Self();
            policy.AddBaseUri().None();
            policy.AddObjectSrc().None();
            policy.AddFrameAncestors().None();
        }));

    private static AuthorizationPolicyBuilder Members() =>
        new AuthorizationPolicyBuilder(IdentityConstants.ApplicationScheme).RequireAuthenticatedUser().RequireClaim(AppClaims.Subscription).RequireRole(Roles.All);

    private static void Accounts(IdentityOptions identity)
    {
        identity.User.RequireUniqueEmail = true;
        identity.SignIn.RequireConfirmedAccount = true;
        identity.Lockout.MaxFailedAccessAttempts = 10;
        identity.Password.RequiredLength = 12;
        identity.Password.RequiredUniqueChars = 5;
        identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase = identity.Password.RequireNonAlphanumeric = false;
    }

    private static void SignInCookie(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = SignInCookieName;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = IdleLimit;
        // The page redirects after it has checked the address; the handler would not check it.
        cookie.Events.OnRedirectToReturnUrl = _ => Task.CompletedTask;
        cookie.Events.OnCheckSlidingExpiration = renewal =>
        {
            if (IsAskedByPage(renewal.Request)) renewal.ShouldRenew = false;
            return Task.CompletedTask;
        };
        // The check of the security stamp renews as well.
        var validate = cookie.Events.OnValidatePrincipal;
        cookie.Events.OnValidatePrincipal = async session =>
        {
            if (session.Principal is { } who && AppClaims.ClinicOf(who) is { } clinic)
                session.HttpContext.RequestServices.GetRequiredService<ChosenClinic>().Choose(who.FindFirstValue(ClaimTypes.NameIdentifier)!, clinic);
            await validate(session);
            if (IsAskedByPage(session.Request)) session.ShouldRenew = false;
        };
        cookie.Events.OnSigningIn = LastPassword.OnSigningInAsync;
        cookie.Events.OnSigningOut = RequestHandlers.OnSigningOutAsync;
        cookie.Events.OnRedirectToLogin = context => RedirectAsync(context, StatusCodes.Status401Unauthorized);
        cookie.Events.OnRedirectToAccessDenied = RefuseAsync;
    }

    internal static bool IsAskedByPage(HttpRequest request) => request.Path.Equals(AskedByPages, StringComparison.OrdinalIgnoreCase);

    private static Task RefuseAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        var http = context.HttpContext;
        http.RequestServices.GetRequiredService<SecurityLog>().RefusedAccess(http.User.FindFirstValue(ClaimTypes.NameIdentifier), http.Request.Method, http.GetEndpoint()?.DisplayName);
        return RedirectAsync(context, StatusCodes.Status403Forbidden);
    }

    /// <summary>A redirect of an htmx request would put the sign-in page into the table, so htmx is told to leave the page.</summary>
    private static Task RedirectAsync(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        // Without the host, which a request can forge.
        var signIn = context.RedirectUri.StartsWith('/') ? context.RedirectUri : new Uri(context.RedirectUri).PathAndQuery;
        context.Response.Headers.Append("Vary", HtmxRequestHeaders.Keys.Request);
        if (context.Request.IsHtmx())
        {
            context.Response.StatusCode = status;
            context.Response.Headers[HtmxResponseHeaders.Keys.Redirect] = signIn;
        }
        else
        {
            context.Response.Redirect(signIn);
        }
        return Task.CompletedTask;
    }
}
