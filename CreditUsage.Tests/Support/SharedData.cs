namespace CreditUsage.Tests.Support;

/// <summary>The real input beside the repository and what it must add up to, counted by other code.</summary>
public static class SharedData
{
    public static string Usage => PathOf("usage.csv");

    public static string Awkward => PathOf("usage-awkward.csv");

    /// <summary>What each month and kind of a file must add up to.</summary>
    public static IReadOnlyList<ExpectedTotal> Totals(string name) =>
        File.ReadLines(PathOf(name)).Skip(1).Select(line => line.Split(',')).Select(field => new ExpectedTotal(
            field[0], field[1], int.Parse(field[2], Invariant), long.Parse(field[3], Invariant), (long)(decimal.Parse(field[4], Invariant) * 100))).ToList();

    /// <summary>The rows of a file as lists of fields, split by a parser written for the tests.</summary>
    public static IReadOnlyList<string[]> Rows(string path) => File.ReadAllText(path).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Fields).ToList();

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;

    public static string PathOf(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "data", name);
            if (File.Exists(path)) return path;
        }
        throw new FileNotFoundException($"shared/data/{name} must lie beside the repository.");
    }

    /// <summary>The fields of one line, by a parser written for the tests.</summary>
    public static string[] Fields(string line)
    {
        var (fields, field, quoted) = (new List<string>(), new System.Text.StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else field.Append(line[i]);
        }
        return [.. fields, field.ToString()];
    }
}

/// <summary>One line of a totals file.</summary>
public sealed record ExpectedTotal(string Month, string Kind, int Events, long Credits, long CostPence);
