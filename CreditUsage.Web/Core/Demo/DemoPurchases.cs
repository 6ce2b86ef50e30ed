namespace CreditUsage.Core.Demo;

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
