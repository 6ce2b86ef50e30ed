using System.CommandLine;
using CreditUsage.Data.Engines;
using CreditUsage.Platform.Integrity;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Commands;

public static class CommandLine
{
    private static readonly string[] HostSettings =
        ["--urls", "--environment", "--contentRoot", "--applicationName", "--CreditUsage", "--ConnectionStrings", "--Logging"];

    /// <summary>Settings are --urls and --Section:Key, each with =value or the argument after it; the rest is the verb with its options.</summary>
    public static (string[] Settings, string[] Verb) Split(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var (settings, verb) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Length; i++)
        {
            if (!IsSetting(args[i]))
            {
                verb.Add(args[i]);
                continue;
            }
            settings.Add(args[i]);
            if (!args[i].Contains('=', StringComparison.Ordinal) && i + 1 < args.Length) settings.Add(args[++i]);
        }
        return ([.. settings], [.. verb]);
    }

    /// <summary>Returns 0 for done, 1 for failed, 2 for wrong usage. A problem that the user can fix is one line on standard error.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] verb)
    {
        ArgumentNullException.ThrowIfNull(root);
        var parsed = root.Parse(verb);
        foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync($"{error.Message} --help lists what can be written.");
        if (parsed.Errors.Count > 0) return VerbHost.WrongUsage;
        try
        {
            // The site ends by itself at a signal; a verb is told to stop and given two seconds.
            var stops = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
            if (IsSite(parsed.CommandResult.Command)) stops.ProcessTerminationTimeout = null;
            return await parsed.InvokeAsync(stops);
        }
        catch (Exception problem) when (Explanation(problem) is { } explanation)
        {
            await Console.Error.WriteLineAsync(explanation);
            return VerbHost.Failed;
        }
    }

    private static bool IsSite(Command command) => command is RootCommand || command.Name is "serve" or "demo";

    private static bool IsSetting(string argument)
    {
        var name = argument.Split('=')[0];
        return HostSettings.Contains(name) || (name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal));
    }

    /// <summary>Null for a bug, which crashes with its trace.</summary>
    private static string? Explanation(Exception problem) => problem switch
    {
        UserFacingException => problem.Message,
        OperationCanceledException => "Stopped; nothing was changed.",
        OptionsValidationException => $"A setting is wrong: {problem.Message}",
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => $"A setting is wrong: {problem.Message}",
        _ when DatabaseFailure.IsBusy(problem) => "The database is busy with another import or start. Try again in a minute.",
        _ when DatabaseFailure.IsDamaged(problem) => DataChecks.Damaged,
        _ when DatabaseFailure.IsUnavailable(problem) => $"The database cannot be used: {problem.GetBaseException().Message} {DatabaseFailure.AdviceOn(problem)}",
        IOException or UnauthorizedAccessException => problem.Message,
        _ => null,
    };
}
