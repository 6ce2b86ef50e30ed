using CreditUsage.Platform.Pdf;

namespace CreditUsage.Tests.Platform.Pdf;

/// <summary>A deadline counts what a program did and what it idled away, not what others kept it from.</summary>
public sealed class WorkDeadlineTests
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMilliseconds(250);

    private readonly WorkDeadline _deadline = new(TimeSpan.FromSeconds(10));

    [Fact]
    public void A_program_that_sleeps_is_ended_after_the_limit_by_the_clock() => Assert.Equal(10, SecondsUntilOver(share: 0, waits: false));

    [Fact]
    public void A_program_that_works_is_ended_after_the_limit_of_processor_time() => Assert.Equal(10, SecondsUntilOver(share: 1, waits: true));

    [Fact]
    public void Two_processors_count_twice() => Assert.Equal(5, SecondsUntilOver(share: 2, waits: true));

    [Fact]
    public void A_program_that_gets_a_quarter_of_a_processor_has_four_times_as_long() => Assert.Equal(40, SecondsUntilOver(share: 0.25, waits: true));

    [Fact]
    public void A_program_that_never_gets_a_processor_is_ended_after_six_times_the_limit() => Assert.Equal(60, SecondsUntilOver(share: 0, waits: true));

    [Fact]
    public void Work_and_idling_add_up()
    {
        for (var quarter = 0; quarter < 20; quarter++) Assert.False(_deadline.IsOver(Quarter, (quarter + 1) * Quarter, waits: false));
        for (var quarter = 0; quarter < 19; quarter++) Assert.False(_deadline.IsOver(Quarter, 20 * Quarter, waits: false));
        Assert.True(_deadline.IsOver(Quarter, 20 * Quarter, waits: false));
    }

    private double SecondsUntilOver(double share, bool waits)
    {
        var clock = Quarter;
        while (!_deadline.IsOver(Quarter, clock * share, waits)) clock += Quarter;
        return clock.TotalSeconds;
    }
}
