using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.UsageReport;

/// <summary>A name that is typed, where a list would be too long, becomes a value of the filter, or the form says why not.</summary>
public sealed class TypedNamesTests(TypedNamesTests.ManyClients clinic) : IClassFixture<TypedNamesTests.ManyClients>
{
    private const string October = "/usage-report?year=2026&month=10&sessions=true&topUps=true";

    [Theory]
    [InlineData("Zoë Ångström", "C3")]
    [InlineData("  zoe ", "C3")]
    [InlineData("Jo King (C2)", "C2")]
    [InlineData("Pat", "C4")]
    [InlineData("Pat Kelly", "C5")]
    public async Task A_clear_name_leads_to_the_report_with_its_id(string typed, string id)
    {
        using var finance = await clinic.SignedInAsync();

        using var answer = await finance.GetAsync($"{October}&client=C9&addClient={Uri.EscapeDataString(typed)}&q=");
        using var fragment = await finance.GetFragmentAsync($"{October}&client=C9&addClient={Uri.EscapeDataString(typed)}&q=");

        Assert.All(new[] { answer, fragment }, one => Assert.Equal((HttpStatusCode.Redirect, $"{October}{string.Concat(new[] { "C9", id }.Order(StringComparer.Ordinal).Select(value => $"&client={value}"))}"), (one.StatusCode, one.Headers.Location!.OriginalString)));
        Assert.Equal(2, (await finance.PageAsync(answer.Headers.Location!.OriginalString)).EventIds().Count);
    }

    [Theory]
    [InlineData("Nobody of this name", "No client of October 2026 matches “Nobody of this name”. Choose from the list.")]
    [InlineData("jo king", "2 clients match “jo king”: Jo King (C1), Jo King (C2). Enter more of the name, or choose from the list.")]
    [InlineData("Person", "30 clients match “Person”: Person 10, Person 11, Person 12, Person 13, Person 14 and 25 more. Enter more of the name, or choose from the list.")]
    public async Task An_unclear_name_is_said_in_place_and_the_report_stays(string typed, string words)
    {
        using var finance = await clinic.SignedInAsync();

        using var answer = await finance.GetAsync($"{October}&client=C9&addClient={Uri.EscapeDataString(typed)}");
        using var fragment = await finance.GetFragmentAsync($"{October}&client=C9&addClient={Uri.EscapeDataString(typed)}");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity), (answer.StatusCode, fragment.StatusCode));
        Assert.Equal($"{October}&client=C9", Assert.Single(fragment.Headers.GetValues("HX-Push-Url")));
        var page = await Visitor.ReadAsync(answer);
        var field = page.QuerySelector<IHtmlInputElement>("#client")!;
        Assert.Equal((typed, "true", "client-fault"), (field.Value, field.GetAttribute("aria-invalid"), field.GetAttribute("aria-describedby")));
        Assert.Equal((words, words), (page.QuerySelector("#client-fault")!.TextContent, page.QuerySelector(".fault-summary a[href='#client']")!.TextContent));
        Assert.True(page.QuerySelector("#usage-shape")!.HasAttribute("open"));
        Assert.Single(page.EventIds());
        Assert.DoesNotContain("addClient", page.QuerySelector(".month-choice")!.InnerHtml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_accountants_copy_offers_codes_alone_and_takes_them()
    {
        using var finance = await clinic.SignedInAsync();

        var page = await finance.PageAsync($"{October}&copy=accountant");
        var options = page.QuerySelectorAll("#client-names option").Select(option => option.GetAttribute("value")!).ToList();
        Assert.Equal(35, options.Count);
        Assert.All(options, option => Assert.Matches("^Client [0-9]{4}$", option));
        using var coded = await finance.GetAsync($"{October}&copy=accountant&addClient={Uri.EscapeDataString(options[0])}");
        Assert.Equal($"{October}&copy=accountant&client={Uri.EscapeDataString(options[0])}", coded.Headers.Location!.OriginalString);
        using var named = await finance.GetAsync($"{October}&copy=accountant&addClient=Jo");
        Assert.Contains("No client of October 2026 matches “Jo”", (await Visitor.ReadAsync(named)).QuerySelector("#client-fault")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_of_one_name_are_told_apart_on_the_page_and_files_say_one_as_ever()
    {
        using var finance = await clinic.SignedInAsync();

        Assert.StartsWith("Client: Jo King (C2) ×", (await finance.PageAsync($"{October}&client=C2")).QuerySelector(".criteria")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Contains("\"criteria\":[\"Client: Jo King\"]", await finance.Http.GetStringAsync(new Uri($"{October}&client=C2".Replace("report?", "report/json?", StringComparison.Ordinal), UriKind.Relative)), StringComparison.Ordinal);
        Assert.Contains("Client: Jo King (C1) or Jo King (C2)", (await finance.PageAsync($"{October}&client=C2&client=C1".Replace("report?", "report/print?", StringComparison.Ordinal))).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_typed_does_not_reach_the_audit()
    {
        using var finance = await clinic.SignedInAsync();
        using var unclear = await finance.GetAsync($"{October}&addClient=Jo");
        using var clear = await finance.GetAsync($"{October}&addClient=Zoe");

        var audit = await clinic.AuditAsync();
        Assert.Contains(audit, entry => entry.StartsWith("Run | October 2026", StringComparison.Ordinal));
        Assert.DoesNotContain(audit, entry => entry.Contains("addClient", StringComparison.Ordinal) || entry.Contains("Zo", StringComparison.Ordinal));
    }

    /// <summary>Thirty-five clients, two of one name, each with a session in October.</summary>
    public sealed class ManyClients : IAsyncLifetime
    {
        private const string Finance = "finance@many.example";

        private readonly Site _site = new();
        private int _clinic;

        public async Task InitializeAsync()
        {
            _site.UseKestrel(0);
            _site.StartServer();
            _clinic = await _site.SubscriptionAsync("Many Clients", new DateOnly(2026, 1, 1));
            await _site.UserAsync(_clinic, Finance, Roles.FinanceAdministrator);
            await _site.PriceAsync(_clinic, new DateOnly(2026, 1, 1), 500_000);
            string[] named = ["Jo King", "Jo King", "Zoë Ångström", "Pat", "Pat Kelly"];
            var clients = named.Select((name, place) => (Id: $"C{place + 1}", Name: name)).Concat(Enumerable.Range(9, 30).Select(number => (Id: $"C{number}", Name: $"Person {number + 1}")));
            var imported = await _site.ImportRowsAsync(_clinic, [.. clients.Select(client => CsvRow.Line($"E-{client.Id}", "connected-session", "2026-10-01T09:30:00Z", "S1", "Sam Staff", client.Id, client.Name, "Sleep", "", "", "25", "", ""))]);
            Assert.True(imported.Stored);
        }

        public Task<Visitor> SignedInAsync() => Visitor.SignedInAsync(_site, Finance);

        public async Task<IReadOnlyList<string>> AuditAsync()
        {
            await _site.InAsync(_clinic, async services =>
            {
                await services.GetRequiredService<AuditBacklog>().WriteAsync(CancellationToken.None);
                return true;
            });
            return await _site.AuditAsync(_clinic);
        }

        public Task DisposeAsync() => _site.DisposeAsync().AsTask();
    }
}
