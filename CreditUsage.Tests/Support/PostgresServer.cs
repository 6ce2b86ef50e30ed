using System.Diagnostics;

namespace CreditUsage.Tests.Support;

/// <summary>A PostgreSQL server of its own, for tests of the other engine that run beside those of SQLite.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>A role that owns nothing, beside the owner of <see cref="Connection"/>.</summary>
    public const string SiteRole = "creditusage_site";

    private readonly string _folder = Directory.CreateTempSubdirectory("creditusage-postgres-").FullName;

    /// <summary>The owner's, without a database.</summary>
    public string Connection { get; private set; } = "";

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        server.Connection = (await RunAsync("start", server._folder)).Trim();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("stop", _folder);
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string> RunAsync(string action, string folder)
    {
        // The server keeps whatever it is given open as its standard error.
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "script", "postgres"), action, folder]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var script = Process.Start(start)!;
        var said = await script.StandardOutput.ReadToEndAsync();
        await script.WaitForExitAsync();
        Assert.Equal(0, script.ExitCode);
        return said;
    }
}
