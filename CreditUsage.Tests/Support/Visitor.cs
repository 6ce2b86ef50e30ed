using System.Net;
using System.Net.Sockets;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace CreditUsage.Tests.Support;

/// <summary>Somebody at the site without a browser: keeps cookies, follows no redirect by itself, reads pages.</summary>
public sealed class Visitor : IDisposable
{
    public const string LoginPath = "/Identity/Account/Login";

    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, CookieContainer = new CookieContainer(), Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };

    /// <param name="from">One of the loopback's own addresses, where it matters which.</param>
    public Visitor(Site site, IPAddress? from = null)
    {
        ArgumentNullException.ThrowIfNull(site);
        if (from is not null) _handler.ConnectCallback = async (context, cancellation) => await ConnectAsync(from, context.DnsEndPoint, cancellation);
        Http = new HttpClient(_handler) { BaseAddress = site.ClientOptions.BaseAddress, Timeout = TimeSpan.FromMinutes(10) };
    }

    public Visitor(Uri address) => Http = new HttpClient(_handler) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(10) };

    /// <summary>By way of something in front of the site, with a certificate of its own.</summary>
    public Visitor(Uri address, string certificateHash)
    {
        _handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == certificateHash;
        Http = new HttpClient(_handler) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(10) };
    }

    public HttpClient Http { get; }

    public CookieContainer Cookies => _handler.CookieContainer;

    public static async Task<Visitor> SignedInAsync(Site site, string email)
    {
        var visitor = new Visitor(site);
        using var answer = await visitor.SignInAsync(email, Site.Password);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return visitor;
    }

    public Task<HttpResponseMessage> SignInAsync(string email, string password, string path = LoginPath) =>
        PostAsync(path, path, new Dictionary<string, string> { ["Input.Email"] = email, ["Input.Password"] = password });

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>As htmx would.</summary>
    public Task<HttpResponseMessage> GetFragmentAsync(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("HX-Request", "true");
        return Http.SendAsync(request);
    }

    public async Task<IHtmlDocument> PageAsync(string path)
    {
        using var answer = await GetAsync(path);
        return await ReadAsync(answer);
    }

    /// <summary>Posts a form with the token of the page that it stands on, and the version of what its settings showed.</summary>
    public async Task<HttpResponseMessage> PostAsync(string page, string path, IEnumerable<KeyValuePair<string, string>>? fields = null)
    {
        var document = await PageAsync(page);
        var token = document.QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")?.Value;
        var form = (fields ?? []).Where(field => token is null || field.Key != "__RequestVerificationToken").ToList();
        if (token is not null) form.Add(new("__RequestVerificationToken", token));
        if (document.QuerySelector<IHtmlInputElement>("input[type=hidden][name=Version]")?.Value is { } version && !form.Exists(field => field.Key == "Version")) form.Add(new("Version", version));
        return await Http.PostAsync(new Uri(path, UriKind.Relative), new FormUrlEncodedContent(form));
    }

    public static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var html = await answer.Content.ReadAsStringAsync();
        var document = await BrowsingContext.New(Configuration.Default).OpenAsync(request => request.Content(html));
        return (IHtmlDocument)document;
    }

    internal static async Task<NetworkStream> ConnectAsync(IPAddress from, DnsEndPoint to, CancellationToken cancellation)
    {
        var socket = new Socket(from.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Parse(to.Host), to.Port, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public void Dispose()
    {
        Http.Dispose();
        _handler.Dispose();
    }
}
