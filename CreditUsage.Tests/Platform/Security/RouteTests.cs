using CreditUsage.Tests.Platform.Security.Routes;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>Who may do what: every route, every method, every role. A route without a row fails.</summary>
public sealed class RouteTests(QuickClinics clinics) : IClassFixture<QuickClinics>
{
    internal static readonly IReadOnlyList<RouteRow> Rows =
    [
        .. typeof(RouteRow).Assembly.GetTypes().Where(type => type.Namespace == typeof(RouteRow).Namespace)
            .Select(type => type.GetProperty(nameof(Rows))?.GetValue(null)).OfType<IReadOnlyList<RouteRow>>().SelectMany(rows => rows),
    ];

    public static IEnumerable<object[]> Table => Rows.Select(row => new object[] { row.Method, row.Route });

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Each_role_gets_what_the_table_says(string method, string route)
    {
        Assert.Contains((method, route), Declared());
        var row = Rows.Single(row => (row.Method, row.Route) == (method, route));
        Assert.Equal(row.Stranger, await OutcomeAsync(null, row));
        Assert.Equal(row.Auditor, await OutcomeAsync(Clinics.Auditor, row));
        Assert.Equal(row.Finance, await OutcomeAsync(Clinics.Finance, row));
        Assert.Equal(row.Administrator, await OutcomeAsync(Clinics.Administrator, row));
    }

    [Fact]
    public void Every_route_and_method_has_a_row()
    {
        Assert.Empty(Declared().Except(Rows.Select(row => (row.Method, row.Route))));
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

    private async Task<string> OutcomeAsync(string? email, RouteRow row)
    {
        using var visitor = email is null ? new Visitor(clinics.Site) : await Visitor.SignedInAsync(clinics.Site, email);
        using var answer = row.Method == "POST" ? await visitor.PostAsync(Visitor.LoginPath, row.Path)
            : await visitor.Http.SendAsync(new HttpRequestMessage(new HttpMethod(row.Method), row.Path));
        Assert.InRange((int)answer.StatusCode, 200, 499);
        var location = answer.Headers.Location?.OriginalString ?? "";
        if (location.Contains(Visitor.LoginPath + "?", StringComparison.OrdinalIgnoreCase)) return RouteOutcome.SignIn;
        return location.Contains("AccessDenied", StringComparison.Ordinal) || (int)answer.StatusCode is 401 or 403 ? RouteOutcome.Denied : RouteOutcome.In;
    }
}
