using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using CreditUsage.Platform.Api;
using CreditUsage.Tests.Features.Deliveries;
using CreditUsage.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

namespace CreditUsage.Tests.Platform.Api;

/// <summary>A client is generated from the site's own description, compiled, and used as a system around the site would.</summary>
public sealed class GeneratedClientTests
{
    [Fact]
    public async Task A_generated_client_does_a_whole_month()
    {
        await using var clinic = await DeliveryClinic.OpenAsync();
        var folder = Directory.CreateTempSubdirectory("client-").FullName;
        var description = Path.Combine(folder, "v1.json");
        using (var anyone = new ApiCaller(clinic.Site, clinic.Id, null)) await File.WriteAllTextAsync(description, (await anyone.GetAsync("/openapi/v1.json")).Text);
        await GenerateAsync(description, folder);
        var compiled = Compile(folder);
        var callers = new List<IDisposable>();
        var adapters = new Dictionary<string, IRequestAdapter>();
        foreach (var scope in ApiScopes.All)
        {
            var caller = await clinic.CallerAsync(scope);
            var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: caller.Http) { BaseUrl = caller.Http.BaseAddress!.AbsoluteUri.TrimEnd('/') };
            callers.AddRange([caller, adapter]);
            adapters[scope] = adapter;
        }

        var done = await (Task<string>)compiled.GetType("WholeMonth")!.GetMethod("RunAsync", BindingFlags.Public | BindingFlags.Static)!.Invoke(null, [(Func<string, IRequestAdapter>)(scope => adapters[scope])])!;

        callers.ForEach(caller => caller.Dispose());
        Directory.Delete(folder, recursive: true);
        Assert.Equal(
            """
            purchase of 100 for 6000
            2 accepted, then 2 duplicates
            November 409
            2026-10 closed v1: 4 events, 12 credits, 600 pence
            received O1 O2 G1 G2
            the PDF is the one that was kept: True
            """, done);
    }

    private static async Task GenerateAsync(string description, string folder)
    {
        await RunAsync("tool", "restore");
        await RunAsync("kiota", "generate", "--language", "CSharp", "--openapi", description, "--class-name", "UsageClient", "--namespace-name", "CreditUsage.Client", "--output", Path.Combine(folder, "client"), "--exclude-backward-compatible");
    }

    private static async Task RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", words) { UseShellExecute = false, WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        // It would ask for a newer version of itself, and tell others that it ran.
        (start.Environment["KIOTA_OFFLINE_ENABLED"], start.Environment["KIOTA_CLI_TELEMETRY_OPTOUT"]) = ("true", "true");
        using var process = Process.Start(start)!;
        var (printed, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', words)} ended with {process.ExitCode}: {await printed}{await errors}");
    }

    private static Assembly Compile(string folder)
    {
        var files = Directory.GetFiles(Path.Combine(folder, "client"), "*.cs", SearchOption.AllDirectories).Append(Path.Combine(AppContext.BaseDirectory, "Platform", "Api", "WholeMonth.cs"));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "GeneratedClient", files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file)), references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.Equal([], result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.ToString()));
        assembly.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(assembly);
    }
}
