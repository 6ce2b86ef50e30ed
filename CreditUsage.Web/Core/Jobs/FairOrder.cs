namespace CreditUsage.Core.Jobs;

/// <summary>In which order reports get their turn: nobody waits behind all that somebody else asked for.</summary>
public static class FairOrder
{
    /// <summary>
    /// The next is of the subscription that has fewest being made, then of the one whose turn was longest ago, then the oldest. Those
    /// after it are as they will be if the ones being made end in the order in which they were begun.
    /// </summary>
    /// <param name="running">The subscriptions of those being made, the one begun first in front.</param>
    /// <param name="served">When a subscription last had a turn; absent where it never had one.</param>
    public static IEnumerable<QueuedReport> Of(IEnumerable<QueuedReport> queued, IEnumerable<int> running, IReadOnlyDictionary<int, DateTimeOffset> served)
    {
        ArgumentNullException.ThrowIfNull(served);
        var waiting = queued.ToList();
        var busy = new Queue<int>(running);
        var places = Math.Max(1, busy.Count);
        var turns = served.OrderBy(turn => turn.Value).Select((turn, number) => (turn.Key, Number: number + 1)).ToDictionary(turn => turn.Key, turn => turn.Number);
        for (var turn = turns.Count + 1; waiting.Count > 0; turn++)
        {
            var next = waiting.OrderBy(report => busy.Count(subscription => subscription == report.SubscriptionId))
                .ThenBy(report => turns.GetValueOrDefault(report.SubscriptionId)).ThenBy(report => report.RequestedAt).ThenBy(report => report.Id).First();
            yield return next;
            waiting.Remove(next);
            busy.Enqueue(next.SubscriptionId);
            if (busy.Count > places) busy.Dequeue();
            turns[next.SubscriptionId] = turn;
        }
    }
}
