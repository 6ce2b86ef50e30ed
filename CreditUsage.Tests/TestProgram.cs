using CreditUsage.Tests.Bench;
using CreditUsage.Tests.Kill;

namespace CreditUsage.Tests;

/// <summary>The test project is a program too: script/bench runs it, and the kill tests run it to be killed.</summary>
internal static class TestProgram
{
    public static Task<int> Main(string[] args) => args switch
    {
        [WorkUntilKilled.Verb, var folder] => WorkUntilKilled.RunAsync(folder),
        [MakeUntilKilled.Verb, var folder] => MakeUntilKilled.RunAsync(folder),
        _ => BenchProgram.RunAsync(args),
    };
}
