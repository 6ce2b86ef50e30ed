using CreditUsage.Domain;

namespace CreditUsage.Data.Demo;

/// <summary>
/// Invents a clinic's usage from a seed: the same seed, clinic and days make the same events. Weekdays are busy, Saturdays half,
/// Sundays closed; the clinic grows; August and December are quiet.
/// </summary>
public sealed class DemoUsage(int seed, string prefix, int staffCount, int clientCount)
{
    private static readonly int[] Minutes = [5, 10, 12, 15, 15, 20, 20, 30, 30, 33, 45, 45, 60, 60, 75, 90];
    private readonly Random _random = new(seed);
    private int _number;

    /// <summary>The events from a day up to but not including another, in the order of the report.</summary>
    public IEnumerable<UsageRecord> Between(DateOnly start, DateOnly end)
    {
        var staff = Enumerable.Range(1, staffCount).Select(number => ($"S{number:D3}", Person())).ToList();
        var clients = Enumerable.Range(1, clientCount).Select(number => ($"C{number:D5}", Person())).ToList();
        var devices = Enumerable.Range(1, clientCount / 8).Select(number => Device(number, staff, clients, start)).ToList();
        for (var day = start; day < end; day = day.AddDays(1))
        {
            foreach (var device in devices.Where(device => device.First <= day && day <= device.Last)) yield return TopUp(device, day);
            foreach (var started in SessionStarts(day, start)) yield return Session(started, Pick(staff), Pick(clients));
        }
    }

    private UsageRecord TopUp(DemoDevice device, DateOnly day) => new(
        NextId(), UsageKind.DailyTopUp, new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero), device.Staff.Id, device.Staff.Name,
        device.Client?.Id, device.Client?.Name, device.Program, device.DeviceId, device.Note, null, null, null);

    private UsageRecord Session(DateTimeOffset started, (string Id, string Name) staff, (string Id, string Name) client) => new(
        NextId(), UsageKind.ConnectedSession, started, staff.Id, staff.Name, client.Id, client.Name, Pick(DemoNames.Programs), null, null, Pick(Minutes), null, null);

    private IEnumerable<DateTimeOffset> SessionStarts(DateOnly day, DateOnly start)
    {
        if (day.DayOfWeek == DayOfWeek.Sunday) return [];
        var years = (day.DayNumber - start.DayNumber) / 365.0;
        var season = day.Month is 8 or 12 ? 0.7 : 1;
        var half = day.DayOfWeek == DayOfWeek.Saturday ? 0.4 : 1;
        var count = (int)(staffCount * 1.6 * (1 + (years * 0.35)) * season * half * (0.8 + (_random.NextDouble() * 0.4)));
        var opens = new DateTimeOffset(day, new TimeOnly(8, 0), TimeSpan.Zero);
        return Enumerable.Range(0, count).Select(_ => opens.AddSeconds(_random.Next(11 * 3600))).Order().ToList();
    }

    /// <summary>One in six is a shared card without a client; most run for some months.</summary>
    private DemoDevice Device(int number, List<(string, string)> staff, List<(string, string)> clients, DateOnly start)
    {
        (string Id, string Name)? client = number % 6 == 0 ? null : Pick(clients);
        var first = start.AddDays(_random.Next(700));
        return new DemoDevice(
            _random.NextInt64(1_000_000_000, 9_999_999_999).ToString(System.Globalization.CultureInfo.InvariantCulture),
            client is { } known ? $"{known.Name} #{1 + (number % 2)}" : $"Clinic card #{number}", client, Pick(staff), Pick(DemoNames.Programs), first, first.AddDays(60 + _random.Next(500)));
    }

    private string Person() => $"{Pick(DemoNames.First)} {Pick(DemoNames.Last)}";

    private string NextId() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{++_number:D8}");

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private sealed record DemoDevice(
        string DeviceId, string Note, (string Id, string Name)? Client, (string Id, string Name) Staff, string Program, DateOnly First, DateOnly Last);
}
