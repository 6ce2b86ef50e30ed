using CreditUsage.Tests.Bench;
using CreditUsage.Tests.Kill;

namespace CreditUsage.Tests;

/// <summary>The test project is a program too: script/bench runs it, and the kill test runs it to be killed.</summary>
internal static class TestProgram
{
    public static Task<int> Main(string[] args) => args is [WorkUntilKilled.Verb, var folder] ? WorkUntilKilled.RunAsync(folder) : BenchProgram.RunAsync(args);
}
