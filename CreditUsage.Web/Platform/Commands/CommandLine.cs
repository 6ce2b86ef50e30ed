using System.CommandLine;

namespace CreditUsage.Platform.Commands;

/// <summary>The words of the command line: settings go to the site's configuration, the others to a verb.</summary>
public static class CommandLine
{
    /// <summary>What the web server and the host are told, and the sections themselves.</summary>
    private static readonly string[] HostSettings =
        ["--urls", "--environment", "--contentRoot", "--applicationName", "--CreditUsage", "--ConnectionStrings", "--Logging"];

    /// <summary>Words that are settings: --urls and --Section:Key, with =value or the word after it.</summary>
    public static (string[] Settings, string[] Words) Split(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var (settings, words) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Length; i++)
        {
            if (!IsSetting(args[i]))
            {
                words.Add(args[i]);
                continue;
            }
            settings.Add(args[i]);
            if (!args[i].Contains('=', StringComparison.Ordinal) && i + 1 < args.Length) settings.Add(args[++i]);
        }
        return ([.. settings], [.. words]);
    }

    /// <summary>Runs the verb. What a person can put right is said in one line on standard error.</summary>
    /// <returns>0 done, 1 failed, 2 wrong usage.</returns>
    public static async Task<int> RunAsync(RootCommand root, string[] words)
    {
        ArgumentNullException.ThrowIfNull(root);
        var parsed = root.Parse(words);
        foreach (var wrong in parsed.Errors) await Console.Error.WriteLineAsync($"{wrong.Message} --help lists what can be written.");
        if (parsed.Errors.Count > 0) return VerbHost.WrongUsage;
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception problem) when (Explanation(problem) is { } explanation)
        {
            await Console.Error.WriteLineAsync(explanation);
            return VerbHost.Failed;
        }
    }

    private static bool IsSetting(string word)
    {
        var name = word.Split('=')[0];
        return HostSettings.Contains(name) || (name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal));
    }

    /// <summary>The one line for what can be put right; null for a fault of ours, which is left to crash with its trace.</summary>
    private static string? Explanation(Exception problem) => problem switch
    {
        UserFacingException => problem.Message,
        OperationCanceledException => "Stopped; nothing was changed.",
        Microsoft.Extensions.Options.OptionsValidationException => $"A setting is wrong: {problem.Message}",
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => $"A setting is wrong: {problem.Message}",
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 5 } => "The database is busy with another import or start. Try again in a minute.",
        Microsoft.Data.Sqlite.SqliteException => $"The database cannot be used: {problem.Message}",
        IOException => problem.Message,
        _ => null,
    };
}
