using System.Collections.Concurrent;
using System.Diagnostics;

namespace CreditUsage.Platform.Pdf;

/// <summary>
/// Starts programs from one thread that lives as long as the process. They ask the kernel to be ended with their parent, and to the kernel
/// that is the thread: started from the thread pool they would die whenever it shrinks.
/// </summary>
internal static class PdfStarter
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> Wanted = [];

    static PdfStarter() => new Thread(Work) { IsBackground = true, Name = "PDF programs" }.Start();

    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Wanted.Add((start, started));
        return started.Task;
    }

    private static void Work()
    {
        foreach (var (start, started) in Wanted.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception problem)
            {
                started.SetException(problem);
            }
        }
    }
}
