namespace CreditUsage.Data;

/// <summary>One import of a subscription at a time, over all processes and nodes. A turn is let go by whatever end its process has.</summary>
public abstract class ImportTurns
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    /// <summary>Null while another import is under way.</summary>
    public abstract IDisposable? TryEnter(int subscription);

    public async Task<IDisposable> EnterAsync(int subscription, CancellationToken cancellation)
    {
        while (true)
        {
            if (TryEnter(subscription) is { } turn) return turn;
            await Task.Delay(BetweenTries, cancellation);
        }
    }
}
