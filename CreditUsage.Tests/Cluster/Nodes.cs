using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Cluster;

/// <summary>What script/cluster starts: PostgreSQL, two processes of the program with demo data, and nginx, which sends every other request to the other one.</summary>
public sealed partial class Nodes : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly List<string> _said = [];
    private Process _script = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>By process id, in the order in which they were started.</summary>
    public IReadOnlyList<(int Id, Uri Address)> All { get; private set; } = [];

    public string Folder { get; private set; } = "";

    /// <summary>A connection string.</summary>
    public string Database { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "script", "cluster"), Path.Combine(AppContext.BaseDirectory, "CreditUsage.Web.dll")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PORT"] = FreePort().ToString(CultureInfo.InvariantCulture), ["CreditUsage__Reports__BackgroundRows"] = "100" },
        };
        _script = Process.Start(start)!;
        var errors = _script.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        while (Address is null)
        {
            var line = await _script.StandardOutput.ReadLineAsync(patience.Token);
            if (line is null) Assert.Fail($"script/cluster ended: {await errors}");
            _said.Add(line!);
            if (Ready().Match(line!) is { Success: true } ready) Address = new Uri(ready.Groups[1].Value);
        }
        var nodes = Node().Matches(string.Join('\n', _said));
        All = [.. nodes.Select(node => (int.Parse(node.Groups[1].ValueSpan, CultureInfo.InvariantCulture), new Uri($"http://{node.Groups[2].Value}")))];
        Database = Connection().Match(string.Join('\n', _said)).Groups[1].Value;
        Folder = Kept().Match(string.Join('\n', _said)).Groups[1].Value;
    }

    /// <summary>Signs in by way of nginx.</summary>
    public async Task<Visitor> SignedInAsync(string email = "administrator@riverside.example")
    {
        var visitor = new Visitor(Address);
        using var answer = await visitor.SignInAsync(email, PasswordOf(email));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return visitor;
    }

    public string PasswordOf(string email) => Regex.Match(string.Join('\n', _said), $"sign in as {Regex.Escape(email)} with the password (.*)", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;

    /// <summary>As Ctrl+C does; returns when everything has ended.</summary>
    public async Task EndAsync()
    {
        if (!_script.HasExited) Signal("TERM", _script.Id);
        using var patience = new CancellationTokenSource(Patience);
        await _script.WaitForExitAsync(patience.Token);
    }

    public static void Signal(string name, int process)
    {
        using var kill = Process.Start("kill", ["-s", name, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Whether it is gone, or waits for the script to take note of its end.</summary>
    public static bool HasEnded(int process) => !File.Exists($"/proc/{process}/stat") || File.ReadAllText($"/proc/{process}/stat").Contains(") Z", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _script.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"two nodes is at (http://127\.0\.0\.1:\d+)", RegexOptions.None, 1000)]
    private static partial Regex Ready();

    [GeneratedRegex(@"node \d is process (\d+) at ([\d.]+:\d+)", RegexOptions.None, 1000)]
    private static partial Regex Node();

    [GeneratedRegex("the database is (.*)", RegexOptions.None, 1000)]
    private static partial Regex Connection();

    [GeneratedRegex(@"logs are in (\S+)", RegexOptions.None, 1000)]
    private static partial Regex Kept();
}
