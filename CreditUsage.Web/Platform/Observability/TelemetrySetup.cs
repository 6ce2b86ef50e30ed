using CreditUsage.Platform.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CreditUsage.Platform.Observability;

/// <summary>Metrics, traces and logs for whoever collects them, and metrics for Prometheus; neither without a setting.</summary>
public static class TelemetrySetup
{
    public const string MetricsPath = "/metrics";

    private static readonly string[] Meters = [SiteMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.EntityFrameworkCore", "System.Runtime"];

    public static void AddTelemetry(this WebApplicationBuilder builder, TelemetryOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        if (options is { OtlpEndpoint: null, Prometheus: false }) return;
        var version = typeof(TelemetrySetup).Assembly.GetName().Version?.ToString();
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("creditusage", serviceVersion: version)).WithMetrics(metrics =>
        {
            metrics.AddMeter(Meters);
            if (options.Prometheus) metrics.AddPrometheusExporter();
        });
        if (options.OtlpEndpoint is not { } collector) return;
        // Values of queries, which may be names, are left out by the instrumentation itself.
        telemetry.WithTracing(traces => traces.AddAspNetCoreInstrumentation()).WithLogging().UseOtlpExporter(OtlpExportProtocol.HttpProtobuf, collector);
    }

    public static void MapMetrics(this IEndpointRouteBuilder app, TelemetryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Prometheus) app.MapPrometheusScrapingEndpoint(MetricsPath).AllowAnonymous();
    }
}
