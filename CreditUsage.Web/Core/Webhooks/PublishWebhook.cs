using System.Buffers;
using System.Text;
using System.Text.Json;
using CreditUsage.Data;
using CreditUsage.Domain.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Webhooks;

public static class PublishWebhook
{
    /// <summary>Adds a message for each endpoint that wants the event. Call it in the transaction of what happened: both are stored, or neither.</summary>
    /// <param name="data">Writes the members of "data". They name no client.</param>
    public static async Task AddAsync(CreditUsageDb db, string name, DateTimeOffset at, Action<Utf8JsonWriter> data, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(data);
        var endpoints = await db.WebhookEndpoints.AsNoTracking().Where(endpoint => endpoint.EndedAt == null).Select(endpoint => new { endpoint.Id, endpoint.Events }).ToListAsync(cancellation);
        var wanting = endpoints.Where(endpoint => WebhookEvents.Split(endpoint.Events).Contains(name)).ToList();
        if (wanting.Count == 0) return;
        var body = Body(name, at, data);
        foreach (var endpoint in wanting)
            db.Add(new WebhookMessage { Id = Guid.CreateVersion7(at), SubscriptionId = db.RequireSubscriptionId(), EndpointId = endpoint.Id, Event = name, Body = body, At = at, State = WebhookState.Waiting, NextAttemptAt = at });
        await db.SaveChangesAsync(cancellation);
    }

    private static string Body(string name, DateTimeOffset at, Action<Utf8JsonWriter> data)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("type", name);
            json.WriteString("timestamp", at.UtcDateTime);
            json.WriteStartObject("data");
            data(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
