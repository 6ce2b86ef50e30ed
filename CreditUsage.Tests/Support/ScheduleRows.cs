using CreditUsage.Domain;

namespace CreditUsage.Tests.Support;

/// <summary>Schedules of daily top-ups, as rows and nothing else: nobody has been charged by them.</summary>
public static class ScheduleRows
{
    /// <summary>Of a card without a client.</summary>
    public static TopUpSchedule Of(int subscription, string device, DateOnly first, DateOnly last) =>
        new ScheduleTerms(device, "Sleep", ClientId: null, ClientName: null, "Front desk", "S1", "Sam Staff", first, last)
            .Begin(subscription, new DateTimeOffset(first, TimeOnly.MinValue, TimeSpan.Zero), "the test");
}
