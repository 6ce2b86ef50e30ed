using System.Text.RegularExpressions;
using CreditUsage.Data.Engines;
using CreditUsage.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Tests.Data;

/// <summary>Which engine it is shows in the folder Data alone.</summary>
public sealed partial class EngineTests
{
    private const int Error = 1;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Full = 13;
    private const int Constraint = 19;

    [Theory]
    [InlineData(Busy, true, false, true)]
    [InlineData(Locked, true, false, true)]
    [InlineData(Full, false, true, true)]
    [InlineData(Error, false, false, true)]
    [InlineData(Constraint, false, false, false)]
    public void A_failure_is_known_for_what_it_is_wrapped_or_not(int code, bool busy, bool full, bool unavailable)
    {
        var problem = new SqliteException("The database refused.", code);
        foreach (var thrown in new Exception[] { problem, new DbUpdateException("Not saved.", problem) })
            Assert.Equal((busy, full, unavailable), (DatabaseFailure.IsBusy(thrown), DatabaseFailure.IsFull(thrown), DatabaseFailure.IsUnavailable(thrown)));
    }

    [Fact]
    public void What_others_throw_is_no_failure_of_the_database()
    {
        var thrown = new IOException("The disk refused.", new InvalidOperationException());
        Assert.Equal((false, false, false), (DatabaseFailure.IsBusy(thrown), DatabaseFailure.IsFull(thrown), DatabaseFailure.IsUnavailable(thrown)));
    }

    [Fact]
    public void Nothing_outside_Data_names_an_engine()
    {
        var web = Path.Combine(Repository.Root, "CreditUsage.Web");
        string[] left = ["Data", "bin", "obj"];
        var sources = new[] { "*.cs", "*.cshtml" }.SelectMany(pattern => Directory.EnumerateFiles(web, pattern, SearchOption.AllDirectories))
            .Where(file => !left.Contains(Path.GetRelativePath(web, file).Split(Path.DirectorySeparatorChar)[0])).ToList();

        Assert.Contains(sources, file => file.EndsWith("Program.cs", StringComparison.Ordinal));
        Assert.DoesNotContain(sources, file => Engine().IsMatch(File.ReadAllText(file)));
    }

    [GeneratedRegex("sqlite|npgsql|postgres|pragma", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Engine();
}
