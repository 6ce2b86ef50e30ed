using System.Buffers;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Api;
using Microsoft.Net.Http.Headers;

namespace CreditUsage.Features.UsageEvents;

/// <summary>A call that brings events, read but not validated.</summary>
/// <param name="BodySha256">Lower-case hexadecimal; empty without an idempotency key.</param>
internal sealed record UsageEventsCall(int ApiKeyId, string? IdempotencyKey, string BodySha256, IReadOnlyList<UsageInput> Events)
{
    private const int MaxBodyBytes = 16 * 1024 * 1024;
    private const int MaxKeyCharacters = 255;
    private const int FirstBufferBytes = 64 * 1024;
    private const string IdempotencyHeader = "Idempotency-Key";

    /// <exception cref="ApiRefusedException">The call cannot be read.</exception>
    public static async Task<UsageEventsCall> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        RequireJson(request);
        var idempotencyKey = IdempotencyKeyOf(request);
        if (request.ContentLength > MaxBodyBytes) throw TooLong();
        var buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? FirstBufferBytes) + 1);
        try
        {
            (buffer, var length) = await ReadBodyAsync(request.Body, buffer, cancellation);
            return Read(request, idempotencyKey, buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static UsageEventsCall Read(HttpRequest request, string? idempotencyKey, ReadOnlySpan<byte> body)
    {
        // Events and idempotency keys are stored, so neither may contain the API key.
        var secret = ApiKeyAuthentication.Presented(request)!;
        if (idempotencyKey == secret || body.IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0)
            throw new ApiRefusedException(StatusCodes.Status400BadRequest, "The call has its key elsewhere than in the header Authorization. Send it there alone, and revoke it if the call was written down anywhere.");
        var keyId = int.Parse(request.HttpContext.User.FindFirstValue(ApiKeyAuthentication.KeyId)!, CultureInfo.InvariantCulture);
        return new(keyId, idempotencyKey, idempotencyKey is null ? "" : Convert.ToHexStringLower(SHA256.HashData(body)), UsageEventsJson.Read(body));
    }

    private static void RequireJson(HttpRequest request)
    {
        var json = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!json || request.Headers.ContentEncoding.Count > 0)
            throw new ApiRefusedException(StatusCodes.Status415UnsupportedMediaType, "Send JSON in UTF-8 and not compressed, with the header Content-Type: application/json.");
    }

    private static string? IdempotencyKeyOf(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(IdempotencyHeader, out var sent)) return null;
        if (sent is [{ Length: >= 1 and <= MaxKeyCharacters } key] && !key.AsSpan().ContainsAnyExceptInRange('!', '~')) return key;
        throw new ApiRefusedException(StatusCodes.Status400BadRequest, $"{IdempotencyHeader} must be 1 to {MaxKeyCharacters} visible ASCII characters, once.");
    }

    /// <summary>Returns a larger buffer where the given one was too small.</summary>
    private static async Task<(byte[] Buffer, int Length)> ReadBodyAsync(Stream body, byte[] buffer, CancellationToken cancellation)
    {
        var length = 0;
        while (await ReadSomeAsync(body, buffer.AsMemory(length), cancellation) is var read and > 0)
        {
            length += read;
            if (length > MaxBodyBytes) throw TooLong();
            if (length == buffer.Length) buffer = Larger(buffer);
        }
        return (buffer, length);
    }

    private static async ValueTask<int> ReadSomeAsync(Stream body, Memory<byte> into, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(into, cancellation);
        }
        catch (BadHttpRequestException broken)
        {
            throw new ApiRefusedException(broken.StatusCode, "The body could not be read to its end.");
        }
    }

    private static byte[] Larger(byte[] full)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        return larger;
    }

    private static ApiRefusedException TooLong() =>
        new(StatusCodes.Status413PayloadTooLarge, $"The body may have {MaxBodyBytes / 1024 / 1024} MB. Send fewer events in a call.");
}

/// <summary>The faults of a call's events: the first thousand are listed, all are counted.</summary>
internal sealed class CallFaults(IReadOnlyList<UsageInput> events)
{
    private const int MaxListed = 1000;

    private readonly List<(int Index, UsageFault Fault)> _listed = [];
    private string? _whole;

    public int Count { get; private set; }

    public void AddNoEvents() => (_whole, Count) = ("The array is empty. Send at least one event.", 1);

    public void Add(int index, IEnumerable<UsageFault> faults) => Add(faults.Select(fault => (index, fault)));

    public void Add(IEnumerable<(int Index, UsageFault Fault)> faults)
    {
        foreach (var fault in faults)
        {
            Count++;
            if (_listed.Count < MaxListed) _listed.Add(fault);
        }
    }

    /// <param name="what">Follows "Some events".</param>
    public ApiAnswer Answer(int status, string what) => ApiAnswer.Problem(status, _whole ?? $"Some events {what}. Nothing was stored; correct what errors lists and send the call again.", json =>
    {
        json.WriteNumber("error_count", _whole is null ? Count : 0);
        json.WriteStartArray("errors");
        foreach (var (index, fault) in _listed)
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            json.WriteString("event_id", Short(events[index].EventId));
            json.WriteString("field", fault.Field);
            json.WriteString("message", fault.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>A wrong id may have any length.</summary>
    private static string Short(string id) => id.Length <= UsageValidator.MaxIdCharacters ? id : id[..UsageValidator.MaxIdCharacters];
}
