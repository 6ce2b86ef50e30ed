using System.Collections.Concurrent;
using System.Net;
using System.Text;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CreditUsage.Tests.Platform.Observability;

/// <summary>What is told to whoever watches the site: figures, and nobody's name.</summary>
public sealed class TelemetryTests
{
    private const string Searched = "Zebedee";
    private const string Report = "/usage-report?year=2026&month=8&sessions=true&topUps=true&q=" + Searched;

    [Fact]
    public async Task Metrics_are_answered_where_a_setting_says_so_and_have_the_sites_own_figures()
    {
        await using var clinic = await ClosingClinic.OpenAsync(new Site { ChangeServices = QuickEngine.AddTo }.With("CreditUsage:Telemetry:Prometheus", "true"));
        using var finance = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Finance);
        await finance.PageAsync(Report);
        using var stranger = new Visitor(clinic.Site);

        // A scrape that came a moment before may be answered again.
        var text = "";
        await Wait.UntilAsync(async () => (text = await TextAsync(stranger)).Contains("creditusage_report_duration_seconds_count", StringComparison.Ordinal));

        foreach (var figure in new[] { "http_server_request_duration_seconds_count", "creditusage_usage_recorded", "kestrel_active_connections" })
            Assert.Contains(figure, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Searched, text, StringComparison.Ordinal);
        Assert.DoesNotContain(ClosingClinic.Finance, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_setting_there_are_no_metrics()
    {
        await using var site = new Site();
        site.UseKestrel(0);
        site.StartServer();
        using var stranger = new Visitor(site);
        using var answer = await stranger.GetAsync("/metrics");
        // As from any address that there is not, a stranger is sent to sign in.
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    [Fact]
    public async Task A_collector_gets_metrics_traces_and_logs_and_no_name_that_was_searched_for()
    {
        await using var collector = await Collector.StartAsync();
        await using (var clinic = await ClosingClinic.OpenAsync(new Site { ChangeServices = QuickEngine.AddTo }.With("CreditUsage:Telemetry:OtlpEndpoint", collector.Address).With("Logging:LogLevel:Default", "Information")))
        {
            using var finance = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Finance);
            await finance.PageAsync(Report);
        }
        // What was not sent yet is sent at the end of the site.
        await Wait.UntilAsync(() => new[] { "/v1/metrics", "/v1/traces", "/v1/logs" }.All(collector.Received.ContainsKey));

        var all = string.Concat(collector.Received.Values.SelectMany(bodies => bodies).Select(Encoding.Latin1.GetString));
        Assert.Contains("creditusage.report.duration", all, StringComparison.Ordinal);
        Assert.Contains("/usage-report", all, StringComparison.Ordinal);
        Assert.DoesNotContain(Searched, all, StringComparison.Ordinal);
    }

    private static async Task<string> TextAsync(Visitor visitor)
    {
        using var answer = await visitor.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Takes what is sent to it by HTTP, and keeps it.</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        public ConcurrentDictionary<string, ConcurrentQueue<byte[]>> Received { get; } = [];

        public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            var collector = new Collector(app);
            app.MapPost("/{**path}", collector.TakeAsync);
            await app.StartAsync();
            return collector;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task TakeAsync(HttpContext context)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            Received.GetOrAdd(context.Request.Path.Value!, _ => []).Enqueue(body.ToArray());
        }
    }
}
