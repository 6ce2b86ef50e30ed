using System.Net;
using System.Text;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace CreditUsage.Platform.Addresses;

public static class AddressSetup
{
    private const string AllowedHosts = nameof(AllowedHosts);
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];
    private static readonly char[] Between = [',', ';', ' '];

    public static void AddAddresses(this IServiceCollection services, CreditUsageOptions options)
    {
        services.AddSingleton<IValidateOptions<CreditUsageOptions>, AddressOptionsValidator>();
        services.AddSingleton<PublicAddress>();
        Encoding.RegisterProvider(NoUtf7.Instance);
        services.AddOptions<HostFilteringOptions>().Configure<IConfiguration>((filter, configuration) => Answer(filter, options.PublicUrl, configuration[AllowedHosts]));
        // After what ASPNETCORE_FORWARDEDHEADERS_ENABLED sets, which believes everybody.
        services.PostConfigure<ForwardedHeadersOptions>(forwarded => Believe(forwarded, options.Proxy.Networks));
    }

    /// <summary>Says who asks, by which scheme and below which path. First of all, since all else follows from it.</summary>
    public static void UseAddresses(this WebApplication app)
    {
        // With that variable the headers have been taken already, and what is left of them is what the client wrote.
        if (!string.Equals(app.Configuration["FORWARDEDHEADERS_ENABLED"], bool.TrueString, StringComparison.OrdinalIgnoreCase)) app.UseForwardedHeaders();
        app.UseMiddleware<SitePath>();
        app.UseMiddleware<HostCookies>();
        app.UseMiddleware<NamedCharset>();
    }

    internal static IEnumerable<(string Text, IPNetwork? Network)> Networks(string? setting) => (setting ?? "").Split(Between, StringSplitOptions.RemoveEmptyEntries)
        .Select(text => (text, IPNetwork.TryParse(text, out var network) ? network : IPAddress.TryParse(text, out var one) ? new IPNetwork(one, one.GetAddressBytes().Length * 8) : (IPNetwork?)null));

    /// <summary>Any host while nothing says how the site is reached.</summary>
    private static void Answer(HostFilteringOptions filter, Uri? publicUrl, string? allowed)
    {
        if (publicUrl is null) return;
        var others = (allowed ?? "").Split(Between, StringSplitOptions.RemoveEmptyEntries).Where(host => host != "*");
        filter.AllowedHosts = [publicUrl.Host, .. Loopback, .. others];
    }

    private static void Believe(ForwardedHeadersOptions forwarded, string? networks)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedPrefix;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Add(IPAddress.IPv6Loopback);
        forwarded.KnownIPNetworks.Add(new IPNetwork(IPAddress.Parse("127.0.0.0"), 8));
        foreach (var (_, network) in Networks(networks)) if (network is { } known) forwarded.KnownIPNetworks.Add(known);
    }
}

internal sealed class AddressOptionsValidator : IValidateOptions<CreditUsageOptions>
{
    public ValidateOptionsResult Validate(string? name, CreditUsageOptions options)
    {
        if (options.PublicUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0))
            return ValidateOptionsResult.Fail("CreditUsage:PublicUrl must be a whole address, such as https://credits.example.");
        return AddressSetup.Networks(options.Proxy.Networks).FirstOrDefault(known => known.Network is null).Text is { } bad
            ? ValidateOptionsResult.Fail($"CreditUsage:Proxy:Networks names '{bad}', which is no address or network, such as 10.0.0.5 or 172.16.0.0/12.")
            : ValidateOptionsResult.Success;
    }
}
