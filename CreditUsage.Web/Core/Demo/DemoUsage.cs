using System.Globalization;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Demo;

/// <summary>Invents a clinic's usage: the same seed, clinic and days make the same events.</summary>
public sealed class DemoUsage
{
    private static readonly int[] Minutes = [5, 10, 12, 15, 15, 20, 20, 30, 30, 33, 45, 45, 60, 60, 75, 90];
    private readonly Random _random;
    private readonly string _prefix;
    private readonly DateOnly _start;
    private readonly List<(string Id, string Name)> _staff;
    private readonly List<(string Id, string Name)> _clients;
    private readonly Dictionary<string, DateOnly> _lastVisits = new(StringComparer.Ordinal);
    private int _number;

    public DemoUsage(int seed, string prefix, int staffCount, int clientCount, DateOnly start)
    {
        (_random, _prefix, _start) = (new Random(seed), prefix, start);
        _staff = [.. Enumerable.Range(1, staffCount).Select(number => ($"S{number:D3}", Person()))];
        _clients = [.. Enumerable.Range(1, clientCount).Select(number => ($"C{number:D5}", Person()))];
        Schedules = [.. Enumerable.Range(1, clientCount / 8).Select(Schedule)];
    }

    /// <summary>One per device. Its first day lies within 700 days of the start; every day up to its last gets a top-up.</summary>
    public IReadOnlyList<ScheduleTerms> Schedules { get; }

    /// <summary>The events before a day, in the order of the report. They can be enumerated once.</summary>
    public IEnumerable<UsageRecord> Before(DateOnly end)
    {
        for (var day = _start; day < end; day = day.AddDays(1))
        {
            foreach (var schedule in Schedules.Where(schedule => schedule.FirstDay <= day && day <= schedule.LastDay)) yield return TopUp(schedule, day);
            foreach (var started in SessionStarts(day)) yield return Session(started, Pick(_staff), Coming(_random.Next(_clients.Count), day));
        }
    }

    private UsageRecord TopUp(ScheduleTerms schedule, DateOnly day) => new(
        NextId(), UsageKind.DailyTopUp, new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero), schedule.StaffId, schedule.StaffName,
        schedule.ClientId, schedule.ClientName, schedule.Program, schedule.DeviceId, schedule.IdentityNote, null, null, null);

    private UsageRecord Session(DateTimeOffset started, (string Id, string Name) staff, (string Id, string Name) client) => new(
        NextId(), UsageKind.ConnectedSession, started, staff.Id, staff.Name, client.Id, client.Name, Pick(DemoNames.Programs), null, null, Pick(Minutes), null, null);

    private IEnumerable<DateTimeOffset> SessionStarts(DateOnly day)
    {
        if (day.DayOfWeek == DayOfWeek.Sunday) return [];
        var years = (day.DayNumber - _start.DayNumber) / 365.0;
        var season = day.Month is 8 or 12 ? 0.7 : 1;
        var half = day.DayOfWeek == DayOfWeek.Saturday ? 0.4 : 1;
        var count = (int)(_staff.Count * 1.6 * (1 + (years * 0.35)) * season * half * (0.8 + (_random.NextDouble() * 0.4)));
        var opens = new DateTimeOffset(day, new TimeOnly(8, 0), TimeSpan.Zero);
        return Enumerable.Range(0, count).Select(_ => opens.AddSeconds(_random.Next(11 * 3600))).Order().ToList();
    }

    private (string Id, string Name) Coming(int number, DateOnly day)
    {
        while (_lastVisits.TryGetValue(_clients[number].Id, out var last) && last < day) number = (number + 1) % _clients.Count;
        return _clients[number];
    }

    private ScheduleTerms Schedule(int number)
    {
        (string Id, string Name)? client = number % 6 == 0 ? null : Pick(_clients);
        var first = _start.AddDays(_random.Next(700));
        var device = _random.NextInt64(1_000_000_000, 9_999_999_999).ToString(CultureInfo.InvariantCulture);
        var (staff, program, days) = (Pick(_staff), Pick(DemoNames.Programs), 60 + _random.Next(500));
        if (client is { } leaving && number % 4 == 1) _lastVisits[leaving.Id] = first.AddDays(days / 2);
        var note = client is { } known ? $"{known.Name} #{1 + (number % 2)}" : $"Clinic card #{number}";
        return new ScheduleTerms(device, program, client?.Id, client?.Name, note, staff.Id, staff.Name, first, first.AddDays(days));
    }

    private string Person() => $"{Pick(DemoNames.First)} {Pick(DemoNames.Last)}";

    private string NextId() => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{++_number:D8}");

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];
}

internal static class DemoNames
{
    public static readonly string[] First =
    [
        "Amelia", "Anwen", "Arjun", "Beth", "Callum", "Chiara", "Daniel", "Dilys", "Ewan", "Farah", "Gareth", "Harriet", "Imogen", "Ioan", "Jasmine", "Kofi",
        "Laura", "Malik", "Marta", "Nia", "Oisín", "Olivia", "Priya", "Rhian", "Samuel", "Siân", "Tomasz", "Una", "Victor", "Wanda", "Zoë", "Yan",
    ];

    public static readonly string[] Last =
    [
        "Ahmed", "Barker", "Bevan", "Carter", "Chowdhury", "Davies", "Doyle", "Evans", "Fletcher", "Griffin", "Hughes", "Iqbal", "Jenkins", "Kelly", "Kowalska", "Lloyd",
        "Mensah", "Morgan", "Nowak", "O’Neill", "Parry", "Price", "Quinn", "Rees", "Sharma", "Stone", "Taylor", "Vaughan", "Walsh", "Watkins", "Young", "Zhang",
    ];

    public static readonly string[] Programs =
    [
        "Anxiety Relief", "Back and Neck", "Calm Sleep", "Chronic Pain", "Concentration", "Deep Relaxation", "Digestive Comfort", "Grief and Loss", "Headache and Migraine",
        "Immune Support", "Joint Mobility", "Mood Balance", "Recovery after Surgery", "Smoking Cessation", "Sports Recovery", "Stress and Burnout", "Tinnitus", "Trauma and PTSD",
    ];
}
