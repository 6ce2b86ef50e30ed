using System.CommandLine;

namespace CreditUsage.Platform.Commands;

/// <summary>The words of the command line: settings go to the site's configuration, the others to a verb.</summary>
public static class CommandLine
{
    /// <summary>Words that are settings: --Section:Key=value, or --Section:Key and the word after it.</summary>
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
        var wrong = parsed.Errors.Select(error => error.Message).ToList();
        if (wrong.Count == 0 && parsed.UnmatchedTokens.Count > 0 && !parsed.UnmatchedTokens[0].StartsWith("--", StringComparison.Ordinal))
            wrong.Add($"'{parsed.UnmatchedTokens[0]}' is no verb; --help lists them.");
        foreach (var message in wrong) await Console.Error.WriteLineAsync(message);
        if (wrong.Count > 0) return VerbHost.WrongUsage;
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

    private static bool IsSetting(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) && word.Split('=')[0].Contains(':', StringComparison.Ordinal);

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
