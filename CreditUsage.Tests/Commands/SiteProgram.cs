using System.Diagnostics;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Commands;

/// <summary>The built program on a data folder of its own. A verb runs within this process, which is quick, or as a shell would run it.</summary>
public sealed class SiteProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Folder { get; } = Directory.CreateTempSubdirectory("creditusage-verbs-").FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Runs a verb through the program's own entry, with what it writes in place of the console's.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] words)
    {
        var entry = typeof(Program).Assembly.EntryPoint!;
        // A setting among the words comes after these and wins.
        string[] settings = ["--applicationName=CreditUsage.Web", $"--CreditUsage:DataPath={PathOf("data")}", "--CreditUsage:Pdf:TimeoutSeconds=600",
            .. TestDatabase.SettingsOf(PathOf("data")).Select(setting => $"--{setting.Key}={setting.Value}")];
        // The entry waits for the verb to end.
        return ConsoleOfTask.CaptureAsync(() => Task.Run(() => (int)entry.Invoke(null, [(string[])[.. settings, .. words]])!));
    }

    /// <summary>Runs it as a process of its own, with its environment and its standard input.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> RunProcessAsync(string? input, IReadOnlyList<(string Name, string Value)> settings, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "CreditUsage.Web.dll"));
        foreach (var word in words) start.ArgumentList.Add(word);
        start.Environment["CreditUsage__DataPath"] = PathOf("data");
        foreach (var (key, value) in TestDatabase.SettingsOf(PathOf("data"))) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        foreach (var (name, value) in settings) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        if (input is not null) await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        return (process.ExitCode, await output, await errors);
    }

    public void Dispose()
    {
        TestDatabase.Remove(PathOf("data"));
        Directory.Delete(Folder, recursive: true);
    }
}
