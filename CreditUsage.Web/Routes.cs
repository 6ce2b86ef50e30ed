using CreditUsage.Features.Audit;
using CreditUsage.Features.Credits;
using CreditUsage.Features.Imports;
using CreditUsage.Features.Journals;
using CreditUsage.Features.Months;
using CreditUsage.Features.SavedReports;
using CreditUsage.Features.Schedules;
using CreditUsage.Features.Shared;
using CreditUsage.Features.UsageEvents;
using CreditUsage.Features.UsageReport;
using CreditUsage.Platform;
using CreditUsage.Platform.Api;
using CreditUsage.Platform.Observability;
using CreditUsage.Platform.Security;
using Microsoft.Extensions.Options;

namespace CreditUsage;

/// <summary>Every address that is not a page. One without a policy is for members of a subscription, by the fallback policy.</summary>
internal static class Routes
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapSite(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous().ShortCircuit();
        app.MapHealthChecks("/health/live", HealthSetup.Live).AllowAnonymous();
        app.MapHealthChecks("/health/ready", HealthSetup.Ready).AllowAnonymous();
        app.MapMetrics(app.Services.GetRequiredService<IOptions<CreditUsageOptions>>().Value.Telemetry);
        app.MapForm("/theme", Theme.Choose).AllowAnonymous();
        app.MapForm("/keys", KeyboardShortcuts.Choose);
        // For what has no page to name the icon, such as a file that a browser shows.
        app.MapMethods("/favicon.ico", Reading, () => TypedResults.Redirect("~/images/icon.svg")).AllowAnonymous();
        app.MapMethods("/", Reading, () => TypedResults.Redirect("~/usage-report"));

        app.MapMethods("/usage-report/csv", Reading, ReportExports.CsvAsync);
        app.MapMethods("/usage-report/json", Reading, ReportExports.JsonAsync);
        app.MapMethods("/usage-report/xlsx", Reading, ReportExports.XlsxAsync);
        app.MapMethods("/usage-report/accounting/{file}", Reading, JournalFiles.AnswerAsync);
        app.MapMethods("/imports/{id:guid}/faults.csv", Reading, ImportFaultsFile.AnswerAsync);
        app.MapMethods("/imports/{id:guid}/faulty-rows.csv", Reading, FaultyRowsFile.AnswerAsync);
        app.MapMethods("/imports/{id:guid}/doubles.csv", Reading, DoublesFile.AnswerAsync);
        app.MapMethods("/imports/template.csv", Reading, ImportTemplate.Empty);
        app.MapMethods("/imports/sample.csv", Reading, ImportTemplate.Filled);
        app.MapMethods("/credits/statement/csv", Reading, StatementCsv.AnswerAsync);
        app.MapGet("/audit/csv", AuditExport.AnswerAsync).RequireAuthorization(Roles.MayAudit);

        MapApi(app);
        app.MapRazorPages().WithStaticAssets();
    }

    /// <summary>
    /// A choice of one person. Its handler is compiled at the start: the build's own reads a form without looking whether its token is there and its
    /// charset is known, and answers 500 where this one answers 400.
    /// </summary>
    private static RouteHandlerBuilder MapForm(this WebApplication app, string path, Delegate handler) => app.MapPost(path, handler).WithMetadata(new OfNoClinicAttribute());

    private static void MapApi(WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapPost("/api/v1/usage-events", UsageEventsApi.StoreAsync).ForScope(ApiScopes.WriteUsage).DescribeStore();
        app.MapGet("/api/v1/usage-events", UsageEventsApi.ReadAsync).ForScope(ApiScopes.ReadReports).DescribeEvents();
        app.MapGet("/api/v1/usage-events/{event_id}", UsageEventsApi.ReadOneAsync).ForScope(ApiScopes.ReadReports).DescribeEvent();
        app.MapGet("/api/v1/usage-changes", UsageEventsApi.ReadChangesAsync).ForScope(ApiScopes.ReadReports).DescribeChanges();
        app.MapGet("/api/v1/months", MonthsApi.ReadAsync).ForScope(ApiScopes.ReadReports).DescribeMonths();
        app.MapPost("/api/v1/months/{month}/close", MonthsApi.CloseAsync).ForScope(ApiScopes.CloseMonths).DescribeClose();
        app.MapGet("/api/v1/credit-prices", CreditsApi.PricesAsync).ForScope(ApiScopes.ReadReports).DescribePrices();
        app.MapGet("/api/v1/balance", CreditsApi.BalanceAsync).ForScope(ApiScopes.ReadReports).DescribeBalance();
        app.MapGet("/api/v1/statement", CreditsApi.StatementAsync).ForScope(ApiScopes.ReadReports).DescribeStatement();
        app.MapGet("/api/v1/ledger-entries", CreditsApi.EntriesAsync).ForScope(ApiScopes.ReadReports).DescribeEntries();
        app.MapPost("/api/v1/purchases", PurchasesApi.RecordAsync).ForScope(ApiScopes.WriteCredits).DescribePurchase();
        app.MapGet("/api/v1/saved-reports", SavedReportsApi.ListAsync).ForScope(ApiScopes.ReadReports).DescribeList();
        app.MapGet("/api/v1/saved-reports/{id}/pdf", SavedReportsApi.PdfAsync).ForScope(ApiScopes.ReadReports).DescribePdf();
        app.MapGet("/api/v1/usage-report", UsageTotalsApi.ReadAsync).ForScope(ApiScopes.ReadReports).DescribeTotals();
        app.MapGet("/api/v1/top-up-schedules", SchedulesApi.ReadAsync).ForScope(ApiScopes.ReadReports).DescribeSchedules();
        app.MapPost("/api/v1/top-up-schedules", SchedulesApi.AddAsync).ForScope(ApiScopes.WriteUsage).DescribeAdd();
        app.MapPost("/api/v1/top-up-schedules/{id}/end", SchedulesApi.EndAsync).ForScope(ApiScopes.WriteUsage).DescribeEnd();
    }
}
