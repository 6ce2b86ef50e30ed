namespace CreditUsage.Tests.Support;

/// <summary>The source tree that these tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CreditUsage.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests run from a folder below CreditUsage.sln.");
    }
}
