using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CreditUsage.Tests.Support;

/// <summary>A real receiver of webhooks on the loopback.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _site;

    private WebhookReceiver(WebApplication site) => _site = site;

    public Uri Address => new(new Uri(_site.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()), "/hook");

    public ConcurrentQueue<ReceivedWebhook> Received { get; } = [];

    /// <summary>What it answers, by the number of what was received before.</summary>
    public Func<int, HttpStatusCode> Answer { get; set; } = _ => HttpStatusCode.OK;

    /// <param name="port">0 for any that is free.</param>
    public static async Task<WebhookReceiver> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(FormattableString.Invariant($"http://127.0.0.1:{port}"));
        var receiver = new WebhookReceiver(builder.Build());
        receiver._site.MapPost("/hook", receiver.TakeAsync);
        await receiver._site.StartAsync();
        return receiver;
    }

    /// <summary>Whoever is being answered gets no answer.</summary>
    public async Task KillAsync()
    {
        await _site.StopAsync(new CancellationToken(canceled: true));
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var number = Received.Count;
        Received.Enqueue(new ReceivedWebhook(context.Request.Headers["webhook-id"]!, context.Request.Headers["webhook-timestamp"]!, context.Request.Headers["webhook-signature"]!, await reader.ReadToEndAsync()));
        context.Response.StatusCode = (int)Answer(number);
        if (context.Response.StatusCode == StatusCodes.Status302Found) context.Response.Headers.Location = "/elsewhere";
    }
}

public sealed record ReceivedWebhook(string Id, string Timestamp, string Signature, string Body)
{
    public string Type => Json.GetProperty("type").GetString()!;

    public JsonElement Data => Json.GetProperty("data");

    private JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>As a receiver checks it.</summary>
    public bool IsSignedBy(string secret)
    {
        var due = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}")));
        return Signature.Split(' ').Contains(due);
    }
}
