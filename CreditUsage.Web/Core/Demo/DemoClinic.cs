namespace CreditUsage.Core.Demo;

/// <summary>An invented clinic.</summary>
/// <param name="Domain">Of its users' addresses.</param>
/// <param name="Prefix">Its event ids and invoices begin with it.</param>
/// <param name="Staff">How many there are.</param>
/// <param name="Clients">How many there are.</param>
public sealed record DemoClinic(string Name, string Domain, int Seed, string Prefix, int Staff, int Clients)
{
    public static DemoClinic Riverside { get; } = new("Riverside Clinic", "riverside.example", Seed: 20260827, Prefix: "R", Staff: 14, Clients: 260);

    public static DemoClinic Hilltop { get; } = new("Hilltop Practice", "hilltop.example", Seed: 20261114, Prefix: "H", Staff: 5, Clients: 90);

    /// <summary>The address of its Finance Administrator.</summary>
    public string Finance => $"finance@{Domain}";

    /// <param name="start">The subscription's first day.</param>
    public DemoUsage UsageFrom(DateOnly start) => new(Seed, Prefix, Staff, Clients, start);
}

/// <summary>How a careful clinic buys: on the first of each month, as many packs as bring what is in hand up to what three busy months use. It never runs dry, and runs out two to three months after the last.</summary>
public static class DemoPurchases
{
    public const int PackSize = 500;
    private const int MonthsInHand = 3;

    /// <summary>The packs of each month, in order.</summary>
    /// <param name="used">Credits of each month from the first on.</param>
    public static IReadOnlyList<int> PacksByMonth(IReadOnlyList<long> used)
    {
        ArgumentNullException.ThrowIfNull(used);
        var (packs, inHand) = (new List<int>(), 0L);
        for (var month = 0; month < used.Count; month++)
        {
            packs.Add((int)Math.Max(0, ((BusyMonth(used, month) * MonthsInHand) - inHand + PackSize - 1) / PackSize));
            inHand += ((long)packs[^1] * PackSize) - used[month];
        }
        return packs;
    }

    /// <summary>The busier of the two months before, since a quiet one says little of the next. The first month knows no other than itself.</summary>
    private static long BusyMonth(IReadOnlyList<long> used, int month) => month == 0 ? used[0] : used.Take(month).TakeLast(2).Max();
}
