using System.Diagnostics;

namespace CreditUsage.Tests.Commands;

/// <summary>The built program, run as a shell would, on a data folder of its own.</summary>
public sealed class SiteProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Folder { get; } = Directory.CreateTempSubdirectory("creditusage-verbs-").FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] words) => RunAsync(null, [], words);

    public async Task<(int ExitCode, string Output, string Errors)> RunAsync(string? input, IReadOnlyList<(string Name, string Value)> settings, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "CreditUsage.Web.dll"));
        foreach (var word in words) start.ArgumentList.Add(word);
        start.Environment["CreditUsage__DataPath"] = PathOf("data");
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

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
