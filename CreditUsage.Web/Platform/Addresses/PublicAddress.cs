using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Addresses;

/// <summary>Whole addresses of the site's pages, to be shown or mailed. Never from a request's Host, which whoever asks can choose.</summary>
public sealed class PublicAddress(IOptions<CreditUsageOptions> options, IServer server)
{
    private static readonly string[] EveryAddress = ["*", "+", "0.0.0.0", "[::]"];

    /// <summary>Otherwise links begin as the server knows itself, which others may not reach.</summary>
    public bool IsSet => options.Value.PublicUrl is not null;

    /// <param name="path">Within the site, such as "/verify".</param>
    public Uri Of(string path) => new((options.Value.PublicUrl?.AbsoluteUri ?? Listening()).TrimEnd('/') + path);

    private string Listening()
    {
        if (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is not { } first) return "http://localhost";
        var address = BindingAddress.Parse(first);
        return $"{address.Scheme}://{(EveryAddress.Contains(address.Host) ? "localhost" : address.Host)}:{address.Port}";
    }
}

/// <summary>The path below which the site is reached: that of PublicUrl, else what a proxy names in X-Forwarded-Prefix.</summary>
public sealed class SitePath(RequestDelegate next, IOptions<CreditUsageOptions> options)
{
    private readonly Uri? _public = options.Value.PublicUrl;
    private readonly PathString _path = PathOf(options.Value.PublicUrl);

    public Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = context.Request;
        var isCutOff = request.PathBase.HasValue;
        // Passed through by a proxy that anybody can send it by, so it may be no more than a plain path.
        if (!_path.HasValue) request.PathBase = request.PathBase.Value?.TrimEnd('/') is { Length: > 0 } prefix && IsPlain(prefix) ? new PathString(prefix) : PathString.Empty;
        else
        {
            if (!isCutOff && request.Path.StartsWithSegments(_path, StringComparison.OrdinalIgnoreCase, out var rest)) request.Path = rest.HasValue ? rest : "/";
            request.PathBase = _path;
        }
        // A proxy that says nothing of the scheme is no reason to send cookies that any network could read.
        if (_public?.Scheme == Uri.UriSchemeHttps && !_public.IsLoopback && string.Equals(request.Host.Host, _public.Host, StringComparison.OrdinalIgnoreCase)) request.Scheme = Uri.UriSchemeHttps;
        return next(context);
    }

    internal static PathString PathOf(Uri? address) => address?.AbsolutePath.TrimEnd('/') is { Length: > 0 } path ? PathString.FromUriComponent(path) : PathString.Empty;

    private static bool IsPlain(string path) => path.Split('/') is ["", .. var parts] && Array.TrueForAll(parts, part => part is not ("" or "." or "..") && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~'));
}
