using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>Who may do what: every route, every method, every role. A route without a row fails.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class RouteTests(Clinics clinics)
{
    private const string In = "in";
    private const string SignIn = "sign in";
    private const string Denied = "denied";
    private const string Query = "?year=2026&month=9&topUps=true";

    /// <summary>Method, route, an address of it; then what a stranger, an auditor and those who may change things get.</summary>
    public static TheoryData<string, string, string, string, string, string> Table => new()
    {
        { "GET", "/", "/", SignIn, In, In },
        { "HEAD", "/", "/", SignIn, In, In },
        { "HEAD", "/usage-report/csv", "/usage-report/csv" + Query, SignIn, In, In },
        { "HEAD", "/usage-report/json", "/usage-report/json" + Query, SignIn, In, In },
        { "GET", "/usage-report", "/usage-report" + Query, SignIn, In, In },
        { "POST", "/usage-report", "/usage-report" + Query, SignIn, In, In },
        { "GET", "/usage-report/print", "/usage-report/print" + Query, SignIn, In, In },
        { "POST", "/usage-report/print", "/usage-report/print" + Query, SignIn, In, In },
        { "GET", "/usage-report/csv", "/usage-report/csv" + Query, SignIn, In, In },
        { "GET", "/usage-report/json", "/usage-report/json" + Query, SignIn, In, In },
        { "GET", "/usage-report/pdf", "/usage-report/pdf" + Query, SignIn, In, In },
        { "POST", "/usage-report/pdf", "/usage-report/pdf" + Query, SignIn, Denied, In },
        { "GET", "/saved-reports", "/saved-reports", SignIn, In, In },
        { "POST", "/saved-reports", "/saved-reports", SignIn, In, In },
        { "GET", "/saved-reports/{id:guid}/{how:regex(^download$)?}", "/saved-reports/018f0000-0000-7000-8000-000000000000", SignIn, In, In },
        { "POST", "/saved-reports/{id:guid}/{how:regex(^download$)?}", "/saved-reports/018f0000-0000-7000-8000-000000000000/download", SignIn, In, In },
        { "POST", "/theme", "/theme", In, In, In },
        { "GET", "/error/{status:int?}", "/error/404", In, In, In },
        { "POST", "/error/{status:int?}", "/error", In, In, In },
        { "GET", "/health/live", "/health/live", In, In, In },
        { "POST", "/health/live", "/health/live", In, In, In },
        { "GET", "/health/ready", "/health/ready", In, In, In },
        { "POST", "/health/ready", "/health/ready", In, In, In },
        { "GET", "/Identity/Account/Login", "/Identity/Account/Login", In, In, In },
        { "POST", "/Identity/Account/Login", "/Identity/Account/Login", In, In, In },
        { "GET", "/Identity/Account/Logout", "/Identity/Account/Logout", In, In, In },
        { "GET", "/Identity/Account/AccessDenied", "/Identity/Account/AccessDenied", SignIn, In, In },
        { "POST", "/Identity/Account/AccessDenied", "/Identity/Account/AccessDenied", SignIn, In, In },
        { "GET", "/Identity/Account/Manage/ChangePassword", "/Identity/Account/Manage/ChangePassword", SignIn, In, In },
        { "POST", "/Identity/Account/Manage/ChangePassword", "/Identity/Account/Manage/ChangePassword", SignIn, In, In },
        { "POST", "/Identity/Account/Logout", "/Identity/Account/Logout", In, In, In },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Each_role_gets_what_the_table_says(string method, string route, string path, string stranger, string auditor, string mayChange)
    {
        Assert.Contains((method, route), Declared());
        Assert.Equal(stranger, await OutcomeAsync(null, method, path));
        Assert.Equal(auditor, await OutcomeAsync(Clinics.Auditor, method, path));
        Assert.Equal(mayChange, await OutcomeAsync(Clinics.Finance, method, path));
        Assert.Equal(mayChange, await OutcomeAsync(Clinics.Administrator, method, path));
    }

    [Fact]
    public void Every_route_and_method_has_a_row()
    {
        var rows = Table.Select(row => ((string)row[0], (string)row[1])).ToHashSet();
        Assert.Empty(Declared().Except(rows));
    }

    [Fact]
    public void Static_files_are_the_only_others_and_are_only_read()
    {
        Assert.All(Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null), endpoint =>
        {
            Assert.NotNull(endpoint.Metadata.GetMetadata<IAllowAnonymous>());
            Assert.Equal(["GET", "HEAD"], endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Order(StringComparer.Ordinal));
        });
    }

    /// <summary>A page without a list of methods answers both to reading and to posting.</summary>
    private HashSet<(string Method, string Route)> Declared() =>
    [
        .. Endpoints().Where(endpoint => !IsFile(endpoint)).SelectMany(endpoint =>
            (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]).Select(method => (method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/')))),
    ];

    private IEnumerable<RouteEndpoint> Endpoints() => clinics.Site.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>While developing there is one more, for files that were made after the build.</summary>
    private static bool IsFile(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null || endpoint.RoutePattern.RawText == "{**path:file}";

    private async Task<string> OutcomeAsync(string? email, string method, string path)
    {
        using var visitor = email is null ? new Visitor(clinics.Site) : await Visitor.SignedInAsync(clinics.Site, email);
        using var answer = method == "GET" ? await visitor.GetAsync(path)
            : method == "HEAD" ? await visitor.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path))
            : await visitor.PostAsync(Visitor.LoginPath, path);
        Assert.InRange((int)answer.StatusCode, 200, 499);
        var location = answer.Headers.Location?.OriginalString ?? "";
        if (location.Contains(Visitor.LoginPath + "?", StringComparison.OrdinalIgnoreCase)) return SignIn;
        return location.Contains("AccessDenied", StringComparison.Ordinal) || (int)answer.StatusCode is 401 or 403 ? Denied : In;
    }
}
