using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace CreditUsage.Platform.Security;

/// <summary>Compresses what the site's own pages and the user ask for, and nothing that another site made the browser ask for (docs/decisions/0027).</summary>
internal static class Compression
{
    public static void AddCompression(this IServiceCollection services)
    {
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "text/csv", "image/svg+xml"];
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }

    public static void UseCompression(this IApplicationBuilder app) => app.UseWhen(IsTheUsersOwn, own => own.UseResponseCompression());

    /// <summary>Browsers say by whom a request was caused, and let no script of a page change it. What says nothing is not compressed.</summary>
    private static bool IsTheUsersOwn(HttpContext context) => context.Request.Headers["Sec-Fetch-Site"] is ["same-origin"] or ["none"];
}
