using CreditUsage.Domain.Usage;

namespace CreditUsage.Tests.Bench;

/// <summary>The sums that the home page and the pictures show, as the database's own program is asked for them.</summary>
internal static class InsightSums
{
    private const string Sums = "sum(Correction IS NULL), sum(Credits), sum(coalesce(CostPence, 0)), sum(CostPence IS NULL)";

    /// <summary>Every day of months that are not closed by kind, with the weeks of the forecast among them, what is in hand, what schedules promise and lack, and who and what cost how much last month.</summary>
    public static IReadOnlyList<string> Home =>
    [
        $"SELECT ReportMonth, ServiceDate, {Sums}, {SessionSums} FROM UsageEvents WHERE {Own} GROUP BY ReportMonth, ServiceDate",
        $"SELECT (SELECT sum(Credits) FROM LedgerEntries WHERE {Own}), (SELECT sum(Credits) FROM UsageEvents WHERE {Own} AND ReportMonth > 0 AND PostedAt <= unixepoch() * 1000)",
        $"SELECT FirstDay, LastDay, {TopUps("")}, {TopUps("AND ServiceDate < date('now')")} FROM TopUpSchedules Schedule WHERE {Own} AND LastDay >= '1990-01-01'",
        $"SELECT StaffMemberId, ProgramId, sum(coalesce(CostPence, 0)), sum(CostPence IS NULL) FROM UsageEvents WHERE {Own} AND ReportMonth = {BenchData.Month.Number} GROUP BY StaffMemberId, ProgramId",
    ];

    /// <summary>The month by staff member, program and day, and all months by device.</summary>
    public static IReadOnlyList<string> Pictures =>
    [
        .. new[] { "StaffMemberId", "ProgramId", "ServiceDate" }.Select(by => $"SELECT Kind, {by}, {Total} FROM UsageEvents WHERE {Own} AND ReportMonth = {BenchData.Month.Number} GROUP BY Kind, {by}"),
        $"SELECT ReportMonth, TopUpDeviceId, {Sums}, {DeviceDays} FROM UsageEvents WHERE {Own} AND ReportMonth BETWEEN {BenchData.Month.Number - 26} AND {BenchData.Month.Number} GROUP BY ReportMonth, TopUpDeviceId",
    ];

    private static string SessionSums => $"sum(CASE WHEN Kind = {TopUp} THEN 0 ELSE Credits END), sum(CASE WHEN Kind = {TopUp} THEN 0 ELSE coalesce(CostPence, 0) END), sum(Kind = {TopUp} AND Correction IS NULL)";

    private static string Total => $"{Sums}, sum(coalesce(DurationMinutes, 0)), {DeviceDays}";

    private static string DeviceDays => $"sum(CASE WHEN Kind <> {TopUp} OR Correction = {(int)CorrectionKind.Adjustment} THEN 0 WHEN Correction IS NULL THEN 1 ELSE -1 END)";

    private static int TopUp => (int)UsageKind.DailyTopUp;

    private static string Own => $"SubscriptionId = {BenchData.Subscription}";

    private static string TopUps(string until) =>
        $"(SELECT count(*) FROM UsageEvents WHERE {Own} AND DeviceNumber = CAST(Schedule.DeviceId AS INTEGER) AND ServiceDate >= FirstDay AND ServiceDate <= LastDay {until})";
}
