using System.Net;
using System.Net.Sockets;
using CreditUsage.Platform;
using Microsoft.Extensions.Options;

namespace CreditUsage.Core.Webhooks;

/// <summary>Which addresses webhooks may be sent to: public ones by https, unless a setting allows more. The address that a name resolves to is looked at when connecting, so that no name leads inside.</summary>
public sealed class WebhookTargets(IOptions<CreditUsageOptions> options)
{
    public const int MaxCharacters = 500;

    private bool AllowsMore => options.Value.Webhooks.AllowPrivateTargets;

    /// <returns>What is wrong with the address, as a sentence; null where nothing is.</returns>
    public string? Refusal(string? url)
    {
        if (url is not { Length: > 0 and <= MaxCharacters } || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0 || address.Fragment.Length > 0)
            return "Enter an address such as https://system.example/webhooks, without a password in it.";
        if (AllowsMore) return null;
        if (address.Scheme != Uri.UriSchemeHttps) return "Enter an address that begins with https://.";
        return address.IsLoopback || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && !IsPublic(ip)) ? "Enter a public address; this one is of a private network." : null;
    }

    /// <exception cref="HttpRequestException">The name leads to no public address.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
        var allowed = AllowsMore ? found : [.. found.Where(IsPublic)];
        if (allowed.Length == 0) throw new HttpRequestException($"{context.DnsEndPoint.Host} leads to no public address.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        // Of IPv6 the global addresses, without those that carry one of IPv4 (6to4, Teredo) and those of documents.
        if (address.AddressFamily == AddressFamily.InterNetworkV6) return address.GetAddressBytes() is [>= 0x20 and < 0x40, ..] and not ([0x20, 0x02, ..] or [0x20, 0x01, 0, 0, ..] or [0x20, 0x01, 0x0d, 0xb8, ..]);
        return address.GetAddressBytes() is not ([0 or 10 or 127, ..] or [169, 254, ..] or [172, >= 16 and < 32, ..] or [192, 168, ..] or [192, 0, 0, _] or [100, >= 64 and < 128, ..] or [198, 18 or 19, ..] or [>= 224, ..]);
    }
}
