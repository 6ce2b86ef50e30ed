using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

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
        catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
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
            else await TalkAsync(client);
        }
        catch (IOException)
        {
            // The client hung up in the middle.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true, NewLine = "\r\n" };
        await writer.WriteLineAsync("220 loopback");
        var (from, to) = ("", "");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            if (line.StartsWith("MAIL FROM:", StringComparison.OrdinalIgnoreCase)) from = Address(line);
            if (line.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase)) to = Address(line);
            await writer.WriteLineAsync(Answer(line));
            if (line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
            {
                Mails.Enqueue((from, to, await TextAsync(reader)));
                await writer.WriteLineAsync("250 OK");
            }
            if (line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase)) return;
        }
    }

    private string Answer(string line) => line[..4].ToUpperInvariant() switch
    {
        "RCPT" => Refused is not null && Address(line) == Refused ? "550 No such user" : AnswerToRecipient,
        "DATA" => "354 Go on",
        "QUIT" => "221 Bye",
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
