using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace CreditUsage.Tests.Support;

/// <summary>A mail server on a loopback port that takes what it is sent, or says at once or never what it was told to say.</summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public SmtpServer()
    {
        _listener.Start();
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The answer to RCPT TO, such as "550 No such user".</summary>
    public string AnswerToRecipient { get; set; } = "250 OK";

    /// <summary>The address that is refused for good, whatever is said to the others.</summary>
    public string? Refused { get; set; }

    /// <summary>Whether the server takes the connection and then says nothing.</summary>
    public bool IsDumb { get; set; }

    /// <summary>The answer to a whole mail.</summary>
    public string AnswerToMail { get; set; } = "250 OK";

    /// <summary>Whether the connection is closed once the first lines of a mail have come.</summary>
    public bool HangsUpInTheMail { get; set; }

    /// <summary>What happens between the end of a mail and the answer to it; false hangs up without one.</summary>
    public Func<CancellationToken, Task<bool>> BeforeAnswer { get; set; } = _ => Task.FromResult(true);

    /// <summary>With one, STARTTLS is offered.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>TLS from the first byte on.</summary>
    public bool TlsAtOnce { get; init; }

    /// <summary>How many mails came over TLS.</summary>
    public int Encrypted { get; private set; }

    public ConcurrentQueue<(string From, string To, string Text)> Mails { get; } = [];

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            // Nothing comes until the client hangs up.
            if (IsDumb) _ = await client.GetStream().ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, _stop.Token);
            else if (TlsAtOnce) await TalkOverTlsAsync(client.GetStream(), greets: true);
            else await TalkAsync(client.GetStream(), greets: true);
        }
        catch (Exception end) when (end is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client hung up in the middle, or does not trust the certificate.
        }
    }

    private async Task TalkOverTlsAsync(Stream stream, bool greets)
    {
        await using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _stop.Token);
        await TalkAsync(tls, greets);
    }

    private async Task TalkAsync(Stream stream, bool greets)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        await using var writer = new StreamWriter(stream, leaveOpen: true) { AutoFlush = true, NewLine = "\r\n" };
        if (greets) await writer.WriteLineAsync("220 loopback");
        var (from, to) = ("", "");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            if (line.StartsWith("MAIL FROM:", StringComparison.OrdinalIgnoreCase)) from = Address(line);
            if (line.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase)) to = Address(line);
            await writer.WriteLineAsync(Answer(line, stream));
            if (line.StartsWith("STARTTLS", StringComparison.OrdinalIgnoreCase))
            {
                await TalkOverTlsAsync(stream, greets: false);
                return;
            }
            if (line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
            {
                if (HangsUpInTheMail) return;
                Mails.Enqueue((from, to, await TextAsync(reader)));
                if (stream is SslStream) Encrypted++;
                if (!await BeforeAnswer(_stop.Token)) return;
                await writer.WriteLineAsync(AnswerToMail);
            }
            if (line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase)) return;
        }
    }

    private string Answer(string line, Stream stream) => line[..4].ToUpperInvariant() switch
    {
        "RCPT" => Refused is not null && Address(line) == Refused ? "550 No such user" : AnswerToRecipient,
        "DATA" => "354 Go on",
        "QUIT" => "221 Bye",
        "STAR" => "220 Go on",
        "EHLO" when Certificate is not null && stream is not SslStream => "250-loopback\r\n250 STARTTLS",
        _ => "250 OK",
    };

    private async Task<string> TextAsync(StreamReader reader)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".") lines.Add(line.StartsWith('.') ? line[1..] : line);
        return string.Join('\n', lines);
    }

    private static string Address(string line) => line.Split('<', '>')[1];
}
