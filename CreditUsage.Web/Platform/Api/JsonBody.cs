using System.Text.Json;

namespace CreditUsage.Platform.Api;

/// <summary>The body of a call that is one small JSON object.</summary>
public static class JsonBody
{
    /// <summary>Far more than the longest object takes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <exception cref="ApiRefusedException">The body is not such an object.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancellation)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.HasJsonContentType()) throw new ApiRefusedException(StatusCodes.Status415UnsupportedMediaType, "Send JSON, with the header Content-Type: application/json.");
        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, default, cancellation);
            return Read<T>(json) ?? throw new ApiRefusedException(StatusCodes.Status400BadRequest, "The body is null. Send an object.");
        }
        catch (JsonException broken)
        {
            throw Broken(broken);
        }
        catch (BadHttpRequestException broken)
        {
            throw new ApiRefusedException(broken.StatusCode, "The body could not be read to its end.");
        }
    }

    public static ApiRefusedException Broken(JsonException broken)
    {
        ArgumentNullException.ThrowIfNull(broken);
        return new(StatusCodes.Status400BadRequest, $"The body is broken JSON: look at line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}.");
    }

    private static T? Read<T>(JsonDocument json)
    {
        try
        {
            return json.Deserialize<T>(JsonSerializerOptions.Strict);
        }
        catch (JsonException)
        {
            throw new ApiRefusedException(StatusCodes.Status400BadRequest, "The body is not the JSON object of this call. /openapi/v1.json says which members it has.");
        }
    }
}
