using System.CommandLine;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;

namespace CreditUsage.Features.Imports;

/// <summary>The verb that imports a file.</summary>
public static class ImportVerb
{
    public static Command Create(VerbHost host)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The CSV file of usage events" };
        var subscription = VerbOptions.Subscription();
        var dryRun = new Option<bool>("--dry-run") { Description = "Check everything and store nothing" };
        var command = new Command("import", "Imports usage events, all or nothing") { file, subscription, dryRun };
        command.SetAction((parsed, cancellation) => host.RunAsync(
            parsed.GetValue(subscription), services => RunAsync(services, parsed.GetValue(file)!, parsed.GetValue(dryRun), cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, FileInfo file, bool dryRun, CancellationToken cancellation)
    {
        await using var stream = Open(file);
        var result = await services.GetRequiredService<ImportUsage>().RunAsync(stream, file.Name, dryRun, cancellation);
        Console.Out.WriteLine($"{result.Accepted} accepted, {result.Duplicates} duplicates, {result.ErrorCount} errors");
        foreach (var error in result.Errors) Console.Error.WriteLine($"line {error.Line}: {error.Field}: {error.Message}");
        if (result.ErrorCount > result.Errors.Count) Console.Error.WriteLine($"and {result.ErrorCount - result.Errors.Count} more");
        if (result.ErrorCount > 0) Console.Error.WriteLine("Nothing was stored. Correct the lines above and import the file again.");
        else if (dryRun) Console.Out.WriteLine("Nothing was stored: this was a dry run.");
        return result.ErrorCount == 0 ? VerbHost.Done : VerbHost.Failed;
    }

    private static FileStream Open(FileInfo file)
    {
        try
        {
            return file.OpenRead();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"{file.FullName} cannot be read: {problem.Message}", problem);
        }
    }
}
