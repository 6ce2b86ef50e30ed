using CreditUsage.Data.Engines;
using CreditUsage.Features.UsageReport;
using CreditUsage.Platform;
using CreditUsage.Platform.Addresses;
using CreditUsage.Platform.Api;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Commands;
using CreditUsage.Platform.Integrity;
using CreditUsage.Platform.Jobs;
using CreditUsage.Platform.Mail;
using CreditUsage.Platform.Observability;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Rendering;
using CreditUsage.Platform.Security;
using CreditUsage.Platform.Storage;
using CreditUsage.Platform.Uploads;
using Microsoft.Extensions.Options;

namespace CreditUsage;

public static class Composition
{
    /// <summary>Builds the site without starting it. <paramref name="settings"/>, from the command line, win over every other source.</summary>
    public static WebApplication Build(string[] settings)
    {
        DataFolder.KeepOthersOut();
        // The program's own folder, whichever folder it was started in.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        builder.QuietUntilStarted();
        var options = CreditUsageOptions.Read(builder.Configuration);
        AddServices(builder.Services, builder.Configuration, options);
        builder.AddTelemetry(options.Telemetry);
        var app = builder.Build();
        UsePipeline(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, ConfigurationManager configuration, CreditUsageOptions options)
    {
        services.AddOptions<CreditUsageOptions>().Bind(configuration.GetSection(CreditUsageOptions.Section))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<CreditUsageOptions>, CreditUsageOptionsValidator>();
        services.AddSingleton(TimeProvider.System);
        var connection = ConnectionOf(DatabaseEngine.ConnectionName);
        services.AddDatabase(options.Database.Provider, connection, configuration.GetConnectionString(DatabaseEngine.MigrationsConnectionName) is { Length: > 0 } ? ConnectionOf(DatabaseEngine.MigrationsConnectionName) : null, options.DataFolder);
        // Before the jobs, which ask when the last check was.
        services.AddIntegrity(options);
        services.AddJobs(options, connection);
        services.AddSiteEnd();
        services.AddAuditing();
        services.AddAddresses(options);
        services.AddSecurity(options);
        services.AddApi();
        services.AddMail();
        services.AddPdf();
        services.AddHealth();
        services.AddStorage(options);
        services.AddScoped<RenderView>().AddScoped<CreateUser>();
        services.AddSingleton(UploadTimeout.Default).AddScoped<FileForm>();
        services.AddCompression();
        services.AddCore(options);
        services.AddFeatures();
        services.AddExceptionHandler<ReferencedErrors>();
        services.AddProblemDetails();
        services.AddRazorPages(pages => pages.RootDirectory = "/Features").AddMvcOptions(mvc => mvc.Filters.Add<HandledMethodsOnly>()).AddSitePages();

        string? ConnectionOf(string name)
        {
            var value = configuration.GetConnectionString(name);
            return DatabaseEngine.ProblemOf(options.Database.Provider, value) is { } problem ? throw new UserFacingException($"The setting ConnectionStrings__{name} is wrong: {problem}") : value;
        }
    }

    private static void UsePipeline(WebApplication app)
    {
        app.UseSiteEnd();
        app.UseAddresses();
        app.UseCompression();
        app.UseRetryAfter();
        app.UseSecurityHeadersOfSite();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = "/error", StatusCodeSelector = ReferencedErrors.StatusOf });
        app.UseStatusCodePagesWithReExecute("/error/{0}");
        app.UseApiProblems();
        app.UseMiddleware<KnownCharset>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseUnreadSessions();
        app.UseApiLimits();
        app.UseAnonymousLimits();
        app.UseMiddleware<EnterSubscription>();
        app.UseMiddleware<RequireSecondFactor>();
        app.UseAuthorization();
        app.UseMiddleware<RenewAddresses>();
        app.UseMiddleware<RefuseWhileDamaged>();
        app.UseAntiforgery();
        app.MapSite();
    }
}
