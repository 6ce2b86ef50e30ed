using System.Text.RegularExpressions;
using CreditUsage.Data.Engines;
using CreditUsage.Platform.Observability;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

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

    [Theory]
    [InlineData(PostgresErrorCodes.LockNotAvailable, true, false, false, true)]
    [InlineData(PostgresErrorCodes.DeadlockDetected, true, false, false, true)]
    [InlineData(PostgresErrorCodes.SerializationFailure, true, false, false, true)]
    [InlineData(PostgresErrorCodes.TooManyConnections, true, false, false, true)]
    [InlineData(PostgresErrorCodes.DiskFull, false, true, false, true)]
    [InlineData(PostgresErrorCodes.DataCorrupted, false, false, true, true)]
    [InlineData(PostgresErrorCodes.AdminShutdown, false, false, false, true)]
    [InlineData(PostgresErrorCodes.InvalidPassword, false, false, false, true)]
    [InlineData(PostgresErrorCodes.UndefinedTable, false, false, false, true)]
    [InlineData(PostgresErrorCodes.UniqueViolation, false, false, false, false)]
    [InlineData(PostgresErrorCodes.StringDataRightTruncation, false, false, false, false)]
    public void A_failure_of_a_server_is_known_for_what_it_is_wrapped_or_not(string code, bool busy, bool full, bool damaged, bool unavailable)
    {
        var problem = new PostgresException("The server refused.", "ERROR", "ERROR", code);
        foreach (var thrown in new Exception[] { problem, new DbUpdateException("Not saved.", problem) })
            Assert.Equal((busy, full, damaged, unavailable), (DatabaseFailure.IsBusy(thrown), DatabaseFailure.IsFull(thrown), DatabaseFailure.IsDamaged(thrown), DatabaseFailure.IsUnavailable(thrown)));
    }

    [Fact]
    public void A_server_that_cannot_be_reached_is_unavailable()
    {
        var problem = new NpgsqlException("Failed to connect", new System.Net.Sockets.SocketException());
        foreach (var thrown in new Exception[] { problem, new DbUpdateException("Not saved.", problem), new InvalidOperationException("Transient", new DbUpdateException("Not saved.", problem)), new PostgresException("Stopping", "FATAL", "FATAL", PostgresErrorCodes.AdminShutdown) })
        {
            Assert.Equal((false, true, true), (DatabaseFailure.IsBusy(thrown), DatabaseFailure.IsUnavailable(thrown), DatabaseFailure.IsUnreachable(thrown)));
            Assert.Equal(StatusCodes.Status503ServiceUnavailable, ReferencedErrors.StatusOf(thrown));
        }
        Assert.False(DatabaseFailure.IsUnreachable(new PostgresException("Twice", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation)));
    }

    [Theory]
    [InlineData("Host=db.example;Database=creditusage", null)]
    [InlineData("Database=creditusage", "It names no Host.")]
    [InlineData("Host=db.example", "It names no Database.")]
    [InlineData(null, "It names no Host.")]
    public void A_connection_to_a_server_says_where_and_which(string? connection, string? problem) => Assert.Equal(problem, DatabaseEngine.ProblemOf(DatabaseProvider.PostgreSql, connection));

    [Fact]
    public void A_connection_with_an_unknown_word_is_said_to_be_wrong() => Assert.NotNull(DatabaseEngine.ProblemOf(DatabaseProvider.PostgreSql, "Host=db.example;Database=creditusage;Nonsense=1"));

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
