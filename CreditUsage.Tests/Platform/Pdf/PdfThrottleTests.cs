using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using Microsoft.Extensions.Options;

namespace CreditUsage.Tests.Platform.Pdf;

/// <summary>Places for PDFs within requests: taken in turns by subscriptions, and none is lost.</summary>
public sealed class PdfThrottleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly List<int> _order = [];

    [Fact]
    public async Task The_next_place_goes_to_whom_fewest_are_made_for_and_then_to_who_waited_longest()
    {
        var throttle = Throttle(2);
        var (first, second) = (await EnterAsync(throttle, 1), await EnterAsync(throttle, 1));
        // Clinic 1 asks for two more before clinics 2 and 3 ask for one each.
        var waiting = new[] { 1, 1, 2, 3, 1 }.Select(clinic => (Clinic: clinic, Place: EnterAsync(throttle, clinic))).ToList();
        async Task<IDisposable> NextAsync()
        {
            var entered = await Task.WhenAny(waiting.Select(waiter => waiter.Place)).WaitAsync(Patience);
            var waiter = waiting.Find(one => one.Place == entered);
            waiting.Remove(waiter);
            _order.Add(waiter.Clinic);
            Assert.DoesNotContain(waiting, one => one.Place.IsCompleted);
            return await entered;
        }

        first.Dispose();
        var next = await NextAsync();
        second.Dispose();
        for (var turn = 0; turn < 4; turn++)
        {
            var after = await NextAsync();
            next.Dispose();
            next = after;
        }
        Assert.Equal([2, 1, 3, 1, 1], _order);
    }

    [Fact]
    public async Task Twenty_may_wait_and_ten_of_one_clinic()
    {
        var throttle = Throttle(1);
        using var made = await EnterAsync(throttle, 1);
        var waiting = Enumerable.Range(0, 10).Select(_ => throttle.Admit(1)).ToList();
        Assert.Throws<PdfBusyException>(() => throttle.Admit(1));
        waiting.AddRange(Enumerable.Range(0, 9).Select(_ => throttle.Admit(2)));
        waiting.Add(throttle.Admit(3));
        Assert.Throws<PdfBusyException>(() => throttle.Admit(3));
        waiting[0].Dispose();
        using var room = throttle.Admit(3);
    }

    [Fact]
    public async Task One_that_gives_up_takes_no_place_with_it_whenever_it_does()
    {
        var throttle = Throttle(1);
        for (var round = 0; round < 200; round++)
        {
            var made = await EnterAsync(throttle, 1);
            using var cancelled = new CancellationTokenSource();
            using var admitted = throttle.Admit(2);
            var waiter = admitted.EnterAsync(cancelled.Token);
            // Freed and given up at the same moment: either comes first.
            await Task.WhenAll(Task.Run(made.Dispose), Task.Run(cancelled.Cancel));
            try
            {
                (await waiter.WaitAsync(Patience)).Dispose();
            }
            catch (OperationCanceledException)
            {
                // It gave up before it was its turn.
            }
        }
        using var still = throttle.EnterIfFree(3);
        Assert.NotNull(still);
        Assert.Null(throttle.EnterIfFree(3));
    }

    [Fact]
    public async Task One_that_gives_up_leaves_its_turn_to_the_next()
    {
        var throttle = Throttle(1);
        var made = await EnterAsync(throttle, 1);
        using var cancelled = new CancellationTokenSource();
        using var admitted = throttle.Admit(2);
        var waiter = admitted.EnterAsync(cancelled.Token);
        var next = RecordedAsync(throttle, 3);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter);
        made.Dispose();
        await next.WaitAsync(Patience);
        Assert.Equal([3], _order);
    }

    private static PdfThrottle Throttle(int concurrency) => new(Options.Create(new CreditUsageOptions { Pdf = new() { Concurrency = concurrency } }));

    private static async Task<IDisposable> EnterAsync(PdfThrottle throttle, int clinic)
    {
        using var admitted = throttle.Admit(clinic);
        return await admitted.EnterAsync(CancellationToken.None);
    }

    private async Task RecordedAsync(PdfThrottle throttle, int clinic)
    {
        using var place = await EnterAsync(throttle, clinic);
        lock (_order) _order.Add(clinic);
    }
}
