namespace CreditUsage.Platform.Security;

/// <summary>
/// Passwords are looked at one after the other: of one account, so that a burst of guesses cannot overtake its own count; and no
/// more at once than there are processors, since each takes a good part of a second of one.
/// </summary>
public sealed class PasswordTurns : IDisposable
{
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new SemaphoreSlim(1))];

    /// <summary>A turn; dispose it when the password has been looked at and the failure counted.</summary>
    /// <param name="account">An address, in capitals, known or not.</param>
    public async Task<IDisposable> EnterAsync(string account)
    {
        ArgumentNullException.ThrowIfNull(account);
        var turn = _turns[(uint)string.GetHashCode(account, StringComparison.Ordinal) % _turns.Length];
        await turn.WaitAsync();
        return new Turn(turn);
    }

    public void Dispose()
    {
        foreach (var turn in _turns) turn.Dispose();
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
