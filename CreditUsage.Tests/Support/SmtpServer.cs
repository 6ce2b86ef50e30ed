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
    public string AnswerToRecipient { get; init; } = "250 OK";

    /// <summary>Whether the server takes the connection and then says nothing.</summary>
    public bool IsDumb { get; init; }

    public ConcurrentQueue<(string From, string To, string Text)> Mails { get; } = [];

    public async ValueTask DisposeAsync()
    {
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
                if (IsDumb) await Task.Delay(Timeout.Infinite, _stop.Token);
                else await TalkAsync(client);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
        {
            // The test is over.
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
        "RCPT" => AnswerToRecipient,
        "DATA" => "354 Go on",
        "QUIT" => "221 Bye",
        _ => "250 OK",
    };

    private async Task<string> TextAsync(StreamReader reader)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".") lines.Add(line);
        return string.Join('\n', lines);
    }

    private static string Address(string line) => line.Split('<', '>')[1];
}
