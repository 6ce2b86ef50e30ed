using CreditUsage.Platform.Pdf;

namespace CreditUsage.Tests.Core.Jobs;

/// <summary>An engine behind a gate: what a test wants to happen first happens first.</summary>
internal sealed class GatedEngine : IPdfEngine
{
    /// <summary>The engine itself.</summary>
    public IPdfEngine? Inner { get; set; }

    /// <summary>What comes before; it may wait, tell rows, or throw.</summary>
    public Func<PdfSource, IProgress<int>?, CancellationToken, Task> Before { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>Nothing passes until the answer is set.</summary>
    public TaskCompletionSource Close()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Before = (_, _, cancellation) => gate.Task.WaitAsync(cancellation);
        return gate;
    }

    public async Task<PdfFile> ConvertAsync(PdfSource source, IProgress<int>? unitsDone, CancellationToken cancellation)
    {
        await Before(source, unitsDone, cancellation);
        return await Inner!.ConvertAsync(source, unitsDone, cancellation);
    }
}
