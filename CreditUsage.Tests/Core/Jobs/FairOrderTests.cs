using CreditUsage.Core.Jobs;

namespace CreditUsage.Tests.Core.Jobs;

public sealed class FairOrderTests
{
    private static readonly DateTimeOffset Nine = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Two_that_asked_for_many_take_turns() =>
        Assert.Equal("1 2 1 2 1 2 1 1", Order(queued: [1, 1, 1, 1, 1, 2, 2, 2], running: []));

    [Fact]
    public void Whoever_has_fewest_being_made_is_next() =>
        Assert.Equal("3 2 1", Order(queued: [1, 2, 3], running: [1, 1, 1, 2]));

    [Fact]
    public void Of_those_who_have_as_many_the_one_that_waited_longest_for_a_turn_is_next() =>
        Assert.Equal("3 2 1", Order(queued: [1, 2, 3], running: [], (1, Nine.AddMinutes(2)), (2, Nine.AddMinutes(1))));

    [Fact]
    public void Within_a_subscription_the_oldest_is_next()
    {
        var (first, second) = (new QueuedJob(Guid.NewGuid(), 1, Nine), new QueuedJob(Guid.NewGuid(), 1, Nine.AddSeconds(1)));
        Assert.Equal([first, second], FairOrder.Of([second, first], [], new Dictionary<int, DateTimeOffset>()));
    }

    private static string Order(int[] queued, int[] running, params (int Subscription, DateTimeOffset At)[] served) => string.Join(' ', FairOrder.Of(
        queued.Select((subscription, number) => new QueuedJob(Guid.NewGuid(), subscription, Nine.AddSeconds(number))), running,
        served.ToDictionary(turn => turn.Subscription, turn => turn.At)).Select(report => report.SubscriptionId));
}
