using System.Net.Mime;
using Microsoft.Net.Http.Headers;

namespace CreditUsage.Platform.Addresses;

/// <summary>Every text of the site is UTF-8 and says so. The framework says it of pages, and of style sheets, scripts and pictures nothing.</summary>
public sealed class NamedCharset(RequestDelegate next)
{
    private const string Utf8 = "utf-8";

    public Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.OnStarting(() =>
        {
            if (MediaTypeHeaderValue.TryParse(context.Response.ContentType, out var type) && IsText(type) && !type.Charset.HasValue)
            {
                type.Charset = Utf8;
                context.Response.ContentType = type.ToString();
            }
            return Task.CompletedTask;
        });
        return next(context);
    }

    private static bool IsText(MediaTypeHeaderValue type) => type.Type == "text" || type.Suffix == "xml" || type.MediaType.Equals(MediaTypeNames.Application.Xml, StringComparison.OrdinalIgnoreCase)
        || type.SubType.Equals("javascript", StringComparison.OrdinalIgnoreCase);
}
