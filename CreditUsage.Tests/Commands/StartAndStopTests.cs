using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Commands;

/// <summary>A start that fails is one line that says what to do, and exit code 1; a stop is announced, orderly and 0.</summary>
public sealed partial class StartAndStopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly SiteProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_a_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await FailsAsync("or stop what listens there", [], "serve", "--urls", $"http://{taken.LocalEndpoint}");
    }

    [Theory]
    [InlineData("nonsense", "nonsense")]
    [InlineData("http://127.0.0.1:99999", "Choose another with --urls")]
    [InlineData("https://127.0.0.1:0", "certificate")]
    [InlineData("http://192.0.2.1:5080", "Choose another with --urls")]
    public async Task An_address_that_cannot_be_listened_at_is_said_in_a_line(string address, string named) => await FailsAsync(named, [], "serve", "--urls", address);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("Nonsense=1")]
    [InlineData("Mode=ReadOnly")]
    public async Task A_connection_string_that_is_wrong_is_said_in_a_line(string connection) =>
        await FailsAsync("ConnectionStrings__CreditUsage is wrong", [("ConnectionStrings__CreditUsage", connection)], "serve", "--urls", "http://127.0.0.1:0");

    [Fact]
    [Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
    public async Task A_database_in_a_folder_that_is_not_there_is_said_in_a_line() =>
        await FailsAsync("Check that its file and folder can be read and written", [("ConnectionStrings__CreditUsage", $"Data Source={_program.PathOf("nowhere/here.db")}")], "serve", "--urls", "http://127.0.0.1:0");

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_said_in_a_line() => await FailsAsync(
        "Check that its server runs", [("CreditUsage__Database__Provider", "PostgreSql"), ("ConnectionStrings__CreditUsage", "Host=127.0.0.1;Port=1;Database=creditusage;Username=nobody")], "serve", "--urls", "http://127.0.0.1:0");

    [Fact]
    public async Task A_server_that_is_not_named_is_said_in_a_line() =>
        await FailsAsync("It names no Host", [("CreditUsage__Database__Provider", "PostgreSql"), ("ConnectionStrings__CreditUsage", "")], "serve", "--urls", "http://127.0.0.1:0");

    [Theory]
    [InlineData("/proc", "cannot be written")]
    [InlineData("/proc/nowhere", "cannot be created")]
    public async Task A_folder_that_cannot_be_written_is_said_in_a_line(string folder, string named) =>
        await FailsAsync(named, [("CreditUsage__DataPath", folder)], "serve", "--urls", "http://127.0.0.1:0");

    [Fact]
    [Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
    public async Task A_database_that_cannot_be_read_is_said_in_a_line_without_what_the_framework_logs()
    {
        if (!OperatingSystem.IsWindows()) Directory.CreateDirectory(_program.PathOf("data"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(_program.PathOf("data/creditusage.db"), string.Concat(Enumerable.Repeat("This is no database. ", 1000)));
        await FailsAsync("The database is damaged", [], "serve", "--urls", "http://127.0.0.1:0");
        await FailsAsync("The database is damaged", [], "create-subscription", "--name", "Clinic", "--start", "2026-01-01");
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_left_alone()
    {
        Assert.Equal(0, (await _program.RunAsync("migrate")).ExitCode);
        await RawData.RunAsync(_program.PathOf("data"), "INSERT INTO \"__EFMigrationsHistory\" VALUES ('20990101000000_Later', '99.0.0')");
        await FailsAsync("A newer version of CreditUsage", [], "serve", "--urls", "http://127.0.0.1:0");
        var (exitCode, output, errors) = await _program.RunAsync("migrate", "--CreditUsage:Database:MigrateOnStart=false");
        Assert.Equal((1, "", 1), (exitCode, output, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    [Fact]
    public async Task Migrate_says_what_it_did()
    {
        var (exitCode, output, errors) = await _program.RunAsync("migrate");
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Matches(@"^(Applied \d{14}_\w+\.\n)+$", output);
        Assert.Contains("_Initial.", output, StringComparison.Ordinal);
        Assert.Equal((0, "Nothing to do: the database is up to date.\n", ""), await _program.RunAsync("migrate"));
    }

    [Fact]
    [Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
    public async Task What_is_made_is_its_own_in_a_folder_that_others_may_look_into()
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        var data = Directory.CreateDirectory(_program.PathOf("data"), open);
        data.UnixFileMode = open;
        await File.WriteAllTextAsync(_program.PathOf("data/before.txt"), "");
        File.SetUnixFileMode(_program.PathOf("data/before.txt"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var (exitCode, _, errors) = await _program.RunProcessAsync(null, [], "create-subscription", "--name", "Clinic", "--start", "2026-01-01");

        Assert.Equal(0, exitCode);
        Assert.Contains("chmod 700", errors, StringComparison.Ordinal);
        var files = data.GetFiles();
        Assert.Contains(files, file => file.Name == "creditusage.db");
        Assert.All(files, file => Assert.Equal((file.Name, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file.Name, file.UnixFileMode)));
    }

    [Fact]
    public async Task At_SIGTERM_ready_turns_first_others_are_still_answered_and_the_end_is_0()
    {
        using var process = Start();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            using var http = new HttpClient { BaseAddress = await AddressAsync(process).WaitAsync(Patience) };
            Assert.NotEqual(HttpStatusCode.ServiceUnavailable, await StatusAsync(http, "/health/ready"));
            using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();

            await Wait.UntilAsync(async () => await StatusAsync(http, "/health/ready") == HttpStatusCode.ServiceUnavailable);
            using (var live = await http.GetAsync(new Uri("/health/live", UriKind.Relative))) Assert.Equal((HttpStatusCode.OK, true), (live.StatusCode, live.Headers.ConnectionClose));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, Visitor.LoginPath));
            using (var ready = JsonDocument.Parse(await http.GetStringOfAsync("/health/ready")))
                Assert.Equal("the site stops", ready.RootElement.GetProperty("checks").GetProperty("stopping").GetProperty("description").GetString());

            await process.WaitForExitAsync().WaitAsync(Patience);
            Assert.Equal(0, process.ExitCode);
            Assert.DoesNotContain("Unhandled", await errors, StringComparison.Ordinal);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CreditUsage.Web.dll"), "serve", "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = _program.Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CreditUsage__DataPath"] = _program.PathOf("data");
        start.Environment["CreditUsage__DrainSeconds"] = "20";
        return Process.Start(start)!;
    }

    private static async Task<Uri> AddressAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            if (Listening().Match(line) is { Success: true } found) return new Uri(found.Groups[1].Value);
        throw new InvalidOperationException("It ended before it listened.");
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }

    private async Task FailsAsync(string named, IReadOnlyList<(string Name, string Value)> settings, params string[] words)
    {
        var (exitCode, _, errors) = await _program.RunProcessAsync(null, settings, words);
        Assert.Equal(1, exitCode);
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"Now listening on: (\S+)", RegexOptions.None, 1000)]
    private static partial Regex Listening();
}

internal static class AnyStatus
{
    public static async Task<string> GetStringOfAsync(this HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        return await answer.Content.ReadAsStringAsync();
    }
}
