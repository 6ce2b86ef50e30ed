using System.Text;

namespace CreditUsage.Tests.Support;

/// <summary>
/// Standard output and error of a verb that runs within this process: each gets what its own flow writes, however many run side by side. On
/// standard input there is nothing.
/// </summary>
internal static class ConsoleOfTask
{
    private static readonly AsyncLocal<(TextWriter Output, TextWriter Errors)?> Current = new();

    static ConsoleOfTask()
    {
        Console.SetIn(TextReader.Null);
        Console.SetOut(new Routed(Console.Out, writers => writers.Output));
        Console.SetError(new Routed(Console.Error, writers => writers.Errors));
    }

    /// <summary>Runs something and answers what it returned and wrote.</summary>
    public static async Task<(T Result, string Output, string Errors)> CaptureAsync<T>(Func<Task<T>> run)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        Current.Value = (TextWriter.Synchronized(output), TextWriter.Synchronized(errors));
        var result = await run();
        return (result, output.ToString(), errors.ToString());
    }

    private sealed class Routed(TextWriter console, Func<(TextWriter Output, TextWriter Errors), TextWriter> choose) : TextWriter
    {
        public override Encoding Encoding => console.Encoding;

        private TextWriter Writer => Current.Value is { } writers ? choose(writers) : console;

        public override void Write(char value) => Writer.Write(value);

        public override void Write(string? value) => Writer.Write(value);

        public override void Write(char[] buffer, int index, int count) => Writer.Write(buffer, index, count);
    }
}
