using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using CreditUsage.Tests.Support;
using Npgsql;

namespace CreditUsage.Tests.Cluster;

/// <summary>What script/cluster starts: PostgreSQL, two processes of the program with demo data, and nginx, which sends every other request to the other one.</summary>
public sealed partial class Nodes : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "CreditUsage.Web.dll");

    private readonly List<string> _said = [];
    private readonly List<(int Id, Uri Address)> _nodes = [];

    /// <summary>The environment that the script gave each node.</summary>
    private readonly List<IReadOnlyDictionary<string, string>> _environments = [];

    /// <summary>Nodes that were started anew.</summary>
    private readonly List<Process> _own = [];
    private Process _script = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>Lines of the logs of nodes that were started anew.</summary>
    public ConcurrentQueue<string> Logged { get; } = [];

    /// <summary>By process id, in the order in which they were started.</summary>
    public IReadOnlyList<(int Id, Uri Address)> All => _nodes;

    public string Folder { get; private set; } = "";

    /// <summary>A connection string.</summary>
    public string Database { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "script", "cluster"), Program])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PORT"] = FreePort().ToString(CultureInfo.InvariantCulture), ["CreditUsage__Reports__BackgroundRows"] = "100", ["CreditUsage__Anonymous__SignInsPerMinute"] = "100000", ["CreditUsage__Api__RequestsPerMinute"] = "100000" },
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
        _nodes.AddRange(nodes.Select(node => (int.Parse(node.Groups[1].ValueSpan, CultureInfo.InvariantCulture), new Uri($"http://{node.Groups[2].Value}"))));
        _environments.AddRange(_nodes.Select(node => EnvironmentOf(node.Id)));
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

    /// <summary>Ends a node by a signal, starts it anew at its address, and returns when it is ready.</summary>
    public async Task RestartAsync(int node, string signal)
    {
        var (id, address) = _nodes[node];
        Signal(signal, id);
        await Wait.UntilAsync(() => HasEnded(id));
        var start = new ProcessStartInfo("dotnet", [Program, "serve", "--urls", address.AbsoluteUri]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in _environments[node]) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Logged.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => Logged.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _own.Add(process);
        _nodes[node] = (process.Id, address);
        await Wait.UntilAsync(() => IsReadyAsync(address));
    }

    /// <summary>Each asked by itself.</summary>
    public async Task<bool> AreReadyAsync() => (await Task.WhenAll(_nodes.Select(node => IsReadyAsync(node.Address)))).All(ready => ready);

    /// <summary>As an update of the server does.</summary>
    public async Task RestartDatabaseAsync()
    {
        using var script = Process.Start("bash", [Path.Combine(Repository.Root, "script", "postgres"), "restart", Owner.Host!]);
        await script.WaitForExitAsync();
        Assert.Equal(0, script.ExitCode);
        // Those that this process keeps for its verbs went with it.
        await using var kept = new NpgsqlConnection(Database);
        NpgsqlConnection.ClearPool(kept);
    }

    /// <summary>A number that a query answers, past the program and all its rules.</summary>
    public async Task<long> ReadAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Owner);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private NpgsqlConnectionStringBuilder Owner => new(Database) { Username = "creditusage" };

    /// <summary>As Ctrl+C does; returns when everything has ended.</summary>
    public async Task EndAsync()
    {
        foreach (var process in _own.Where(process => !process.HasExited)) Signal("TERM", process.Id);
        foreach (var process in _own) await process.WaitForExitAsync();
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
        _own.ForEach(process => process.Dispose());
        _script.Dispose();
    }

    private static async Task<bool> IsReadyAsync(Uri node)
    {
        try
        {
            using var http = new HttpClient();
            using var answer = await http.GetAsync(new Uri(node, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // It does not listen yet.
        }
    }

    private static Dictionary<string, string> EnvironmentOf(int process) => File.ReadAllText($"/proc/{process}/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries)
        .Select(variable => variable.Split('=', 2)).ToDictionary(variable => variable[0], variable => variable[1]);

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
