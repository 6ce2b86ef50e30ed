using System.Text;
using Microsoft.Net.Http.Headers;

namespace CreditUsage.Platform.Addresses;

/// <summary>Answers 415 where a body names a charset that this program does not read; the framework throws at some and takes others for UTF-8.</summary>
public sealed class KnownCharset(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || IsRead(HeaderUtilities.RemoveQuotes(type.Charset).Value)) return next(context);
        // The page that says so must not read the body either.
        context.Request.ContentType = null;
        context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return Task.CompletedTask;
    }

    private static bool IsRead(string? charset)
    {
        if (string.IsNullOrEmpty(charset)) return true;
        try
        {
            _ = Encoding.GetEncoding(charset);
            return true;
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}

/// <summary>.NET refuses UTF-7 with another exception than a charset that it does not know, and readers of forms expect the latter alone.</summary>
internal sealed class NoUtf7 : EncodingProvider
{
    public static readonly NoUtf7 Instance = new();

    public override Encoding? GetEncoding(int codepage) => null;

    public override Encoding? GetEncoding(string name) =>
        name.Contains("utf-7", StringComparison.OrdinalIgnoreCase) || name.Equals("csUnicode11UTF7", StringComparison.OrdinalIgnoreCase) ? throw new ArgumentException("UTF-7 is not read.", nameof(name)) : null;
}
