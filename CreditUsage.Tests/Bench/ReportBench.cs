namespace CreditUsage.Tests.Bench;

/// <summary>The report of a month of 10,000 events, among 1,000,000, against the database's own program printing the same rows as HTML.</summary>
internal static class ReportBench
{
    private const int Events = 10_000;
    private const int FirstRows = 1_000;
    private const double Limit = 3;

    public static async Task<IReadOnlyList<Measure>> RunAsync(string folder)
    {
        var data = await BenchData.CreateAsync(folder);
        await data.AddMonthAsync(BenchData.Month, Events, forBoth: true);
        data.Repeat(times: 49);
        await using var site = await SiteProcess.StartAsync(data);
        return
        [
            Measure.Cpu("report: first 1,000 rows and totals", await FirstRowsAsync(site, data), Limit),
            Measure.Cpu("report: all 10,000 rows", await AllRowsAsync(site, data), Limit),
        ];
    }

    private static async Task<(Spent, Spent)> FirstRowsAsync(SiteProcess site, BenchData data)
    {
        var sqlite = Sqlite(data, Rows(FirstRows), Totals);
        await site.GetAsync(SiteProcess.ReportPath(), fragment: true, times: 200);
        return await Alternating.MediansAsync(() => site.GetAsync(SiteProcess.ReportPath(), fragment: true, times: 50), () => sqlite.RunAsync(times: 50));
    }

    private static async Task<(Spent, Spent)> AllRowsAsync(SiteProcess site, BenchData data)
    {
        var sqlite = Sqlite(data, Rows(Events));
        await site.GetAsync(SiteProcess.ReportPath("/print"), times: 60);
        return await Alternating.MediansAsync(() => site.GetAsync(SiteProcess.ReportPath("/print"), times: 15), () => sqlite.RunAsync(times: 15));
    }

    private static ChildProgram Sqlite(BenchData data, params string[] queries) => new("sqlite3", ["-html", "-readonly", data.Database, .. queries]);

    private static string Rows(int most) => $"""
        SELECT ServiceDate, Kind, Staff.Name, coalesce(Client.Name, DeviceId || ' ' || IdentityNote), Program.Name, DurationMinutes, Credits, CostPence
        FROM UsageEvents Event
        JOIN StaffMembers Staff ON Staff.Id = StaffMemberId JOIN Programs Program ON Program.Id = ProgramId
        LEFT JOIN Clients Client ON Client.Id = Event.ClientId LEFT JOIN TopUpDevices Device ON Device.Id = TopUpDeviceId
        WHERE {TheMonth} ORDER BY ServiceDate, OccurredAt, EventId LIMIT {most}
        """;

    private static string Totals =>
        $"SELECT Kind, count(*), sum(DurationMinutes), sum(Credits), sum(CostPence), sum(CostPence IS NULL) FROM UsageEvents Event WHERE {TheMonth} GROUP BY Kind";

    private static string TheMonth =>
        $"Event.SubscriptionId = {BenchData.Subscription} AND ServiceDate >= '{BenchData.Month.Start:yyyy-MM-dd}' AND ServiceDate < '{BenchData.Month.End:yyyy-MM-dd}'";
}
