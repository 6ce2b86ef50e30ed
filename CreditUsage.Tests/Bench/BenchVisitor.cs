using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace CreditUsage.Tests.Bench;

/// <summary>Somebody who signs in, from an address of their own where it matters which.</summary>
internal sealed partial class BenchVisitor : IDisposable
{
    private const string Path = "/Identity/Account/Login";

    public BenchVisitor(Uri site, IPAddress? from = null)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
        if (from is not null) handler.ConnectCallback = async (context, cancellation) => await ConnectAsync(from, context.DnsEndPoint, cancellation);
        Http = new HttpClient(handler) { BaseAddress = site, Timeout = Timeout.InfiniteTimeSpan };
    }

    public HttpClient Http { get; }

    public async Task SignInAsync()
    {
        if (!await TrySignInAsync()) throw new InvalidOperationException("Signing in was refused, since too many do.");
    }

    /// <summary>False where it was refused because too many sign in.</summary>
    public async Task<bool> TrySignInAsync() => await PostAsync(BenchData.Email, BenchData.Password, await TokenAsync()) switch
    {
        HttpStatusCode.Redirect => true,
        HttpStatusCode.TooManyRequests => false,
        var status => throw new InvalidOperationException($"Signing in answered {(int)status}."),
    };

    public async Task<string> TokenAsync(CancellationToken cancellation = default) => Token().Match(await Http.GetStringAsync(new Uri(Path, UriKind.Relative), cancellation)).Groups[1].Value;

    public async Task<HttpStatusCode> PostAsync(string email, string password, string token, CancellationToken cancellation = default)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["Input.Email"] = email, ["Input.Password"] = password, ["__RequestVerificationToken"] = token });
        using var answer = await Http.PostAsync(new Uri(Path, UriKind.Relative), form, cancellation);
        return answer.StatusCode;
    }

    public void Dispose() => Http.Dispose();

    private static async Task<Stream> ConnectAsync(IPAddress from, DnsEndPoint to, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(to.Host, to.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [GeneratedRegex("__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
