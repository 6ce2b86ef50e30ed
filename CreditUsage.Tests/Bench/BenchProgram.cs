namespace CreditUsage.Tests.Bench;

/// <summary>What script/bench runs.</summary>
internal static class BenchProgram
{
    public static int Main(string[] args)
    {
        Console.Error.WriteLine(args.Length);
        return 0;
    }
}
