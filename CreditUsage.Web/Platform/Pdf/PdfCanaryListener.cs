using System.Net;
using System.Net.Sockets;

namespace CreditUsage.Platform.Pdf;

/// <summary>A listener on loopback that nobody may reach. It hangs up at once, so that an engine that does reach it does not wait.</summary>
internal sealed class PdfCanaryListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private volatile bool _reached;

    public PdfCanaryListener()
    {
        _listener.Start();
        _ = HangUpAsync();
    }

    public Uri Url => new($"http://{_listener.LocalEndpoint}/");

    public bool WasReached => _reached || _listener.Pending();

    public void Dispose() => _listener.Dispose();

    private async Task HangUpAsync()
    {
        try
        {
            while (true)
            {
                using var caller = await _listener.AcceptTcpClientAsync();
                _reached = true;
            }
        }
        catch (Exception over) when (over is ObjectDisposedException or SocketException)
        {
            // The test has ended.
        }
    }
}
