using CreditUsage.Domain.Usage;

namespace CreditUsage.Tests.Support;

/// <summary>The schedule of a card that several share, as a row and nothing else: nobody has been charged by it.</summary>
public static class CardSchedule
{
    public static TopUpSchedule Of(int subscription, string device, DateOnly first, DateOnly last) =>
        new ScheduleTerms(device, "Sleep", ClientId: null, ClientName: null, "Front desk", "S1", "Sam Staff", first, last)
            .Begin(subscription, new DateTimeOffset(first, TimeOnly.MinValue, TimeSpan.Zero), "the test");
}
