using System.Globalization;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Core.Report;

/// <summary>The file of a real clinic, read here in plain figures: what every way to look at its months must add up to.</summary>
internal static class RealUsage
{
    public const int EventId = 0;
    public const int Kind = 1;
    public const int OccurredAt = 2;
    public const int StaffId = 3;
    public const int StaffName = 4;
    public const int ClientId = 5;
    public const int ClientName = 6;
    public const int Program = 7;
    public const int DeviceId = 8;
    public const int Credits = 11;
    public const int Cost = 12;

    private static readonly Lazy<IReadOnlyList<string[]>> All = new(() => SharedData.Rows(SharedData.Usage));

    /// <param name="month">As 2026-09.</param>
    public static IReadOnlyList<string[]> Of(string month) => [.. All.Value.Where(row => row[OccurredAt].StartsWith(month, StringComparison.Ordinal))];

    public static long Pence(IEnumerable<string[]> rows) => rows.Sum(row => (long)(decimal.Parse(row[Cost], CultureInfo.InvariantCulture) * 100));

    public static long CreditsOf(IEnumerable<string[]> rows) => rows.Sum(row => long.Parse(row[Credits], CultureInfo.InvariantCulture));

    public static string Pounds(long pence) => string.Create(CultureInfo.GetCultureInfo("en-GB"), $"£{pence / 100m:N2}");
}
