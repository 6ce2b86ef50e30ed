using CreditUsage.Tests.Bench;
using CreditUsage.Tests.Kill;
using CreditUsage.Tests.Platform.Mail;

namespace CreditUsage.Tests;

/// <summary>The test project is a program too: script/bench runs it, the kill tests run it to be killed, and those of mail in an environment of its own.</summary>
internal static class TestProgram
{
    public static Task<int> Main(string[] args) => args switch
    {
        [WorkUntilKilled.Verb, var folder] => WorkUntilKilled.RunAsync(folder),
        [MakeUntilKilled.Verb, var folder] => MakeUntilKilled.RunAsync(folder),
        [SendOneMail.Verb, var folder, var port, var security] => SendOneMail.RunAsync(folder, port, security),
        _ => BenchProgram.RunAsync(args),
    };
}
