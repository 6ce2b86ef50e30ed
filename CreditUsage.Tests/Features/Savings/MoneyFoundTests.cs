using System.Globalization;
using System.Net;
using AngleSharp.Dom;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Savings;

/// <summary>What a month could have done without, by the file of the real clinic and integers counted here.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class MoneyFoundTests(Clinics clinics)
{
    private const string October = "/usage-report/money-found?year=2026&month=10";

    // Fields of the file.
    private const int EventId = 0;
    private const int Kind = 1;
    private const int OccurredAt = 2;
    private const int StaffId = 3;
    private const int ClientId = 5;
    private const int Program = 7;
    private const int Device = 8;
    private const int Minutes = 10;
    private const int Cost = 12;

    private static readonly DateOnly LastDay = new(2026, 10, 31);
    private static readonly IReadOnlyList<string[]> File = SharedData.Rows(SharedData.Usage);

    private static IEnumerable<string[]> Sessions => File.Where(row => row[Kind] == "connected-session");

    private static IEnumerable<string[]> OctoberSessions => Sessions.Where(row => row[OccurredAt].StartsWith("2026-10", StringComparison.Ordinal));

    [Theory]
    [InlineData(60, 2)]
    [InlineData(8, 7)]
    public async Task Idle_top_ups_are_those_of_the_file_with_what_October_charged_since_the_stretch_began(int days, int devices)
    {
        var expected = Idle(days);
        Assert.Equal(devices, expected.Count);

        var found = await ListAsync(Clinics.Finance, $"{October}&days={days}", "idle");

        Assert.Equal(expected, found);
        Assert.Contains(expected.Values, pence => pence > 0);
    }

    [Theory]
    [InlineData("unused-staff", StaffId)]
    [InlineData("unused-program", Program)]
    public async Task Unused_minutes_are_those_of_begun_blocks_and_their_pence_are_rounded_for_each_session(string list, int field)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        // Programs go by row, as in the report's own list of them.
        var programs = (await finance.PageAsync("/usage-report?year=2026&month=10&sessions=true")).QuerySelectorAll("#program option").ToDictionary(option => option.TextContent, option => option.GetAttribute("value"));
        string KeyOf(string found) => $"{list}:{(field == Program ? programs[found] : found)}";
        var expected = OctoberSessions.GroupBy(row => row[field]).Where(group => group.Any(row => Unused(row) > 0))
            .ToDictionary(group => KeyOf(group.Key), group => group.Sum(row => HalfAwayFromZero(Pence(row) * Unused(row), int.Parse(row[Minutes], CultureInfo.InvariantCulture) + Unused(row))));

        var page = await finance.PageAsync(October);

        Assert.Equal(expected, Findings(page, list));
        Assert.Equal(OctoberSessions.Sum(row => HalfAwayFromZero(Pence(row) * Unused(row), int.Parse(row[Minutes], CultureInfo.InvariantCulture) + Unused(row))), Total(page, list));
        var (key, rows) = OctoberSessions.GroupBy(row => row[field]).Select(group => (group.Key, Rows: group.ToList())).First(group => group.Rows.Exists(row => Unused(row) > 0));
        var paid = rows.Sum(row => int.Parse(row[Minutes], CultureInfo.InvariantCulture) + Unused(row));
        Assert.Contains(string.Create(CultureInfo.GetCultureInfo("en-GB"), $"{rows.Sum(Unused):N0} of {paid:N0} paid minutes were not used"), page.QuerySelector($"tr[data-finding='{KeyOf(key)}']")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overlaps_are_the_sessions_that_began_before_an_earlier_one_of_the_same_client_was_over()
    {
        var expected = OctoberSessions.GroupBy(row => row[ClientId])
            .SelectMany(client => client.Where(row => client.Any(other => Start(other) < Start(row) && Start(other).AddMinutes(int.Parse(other[Minutes], CultureInfo.InvariantCulture)) > Start(row))))
            .ToDictionary(row => $"overlap:{row[EventId]}", row => (long?)Pence(row));
        Assert.Equal(7, expected.Count);

        Assert.Equal(expected, await ListAsync(Clinics.Finance, October, "overlap"));
    }

    [Fact]
    public async Task Every_device_of_the_month_has_a_strip_of_its_days()
    {
        var expected = File.Where(row => row[Kind] == "daily-top-up" && row[OccurredAt].StartsWith("2026-10", StringComparison.Ordinal)).GroupBy(row => row[Device]).ToDictionary(
            device => device.Key, device => string.Concat(Enumerable.Range(1, 31).Select(day => device.Any(row => row[OccurredAt] == $"2026-10-{day:00}") ? 'C' : '–')));
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);

        var page = await finance.PageAsync(October);

        Assert.Equal(expected, page.QuerySelectorAll("tr[data-strip]").ToDictionary(row => row.GetAttribute("data-strip")!, row => string.Concat(row.QuerySelectorAll("td[class^=day-] [aria-hidden]").Select(cell => cell.TextContent))));
        Assert.Contains("No schedule.", page.QuerySelector("tr[data-strip]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clinic_without_usage_is_told_that_there_is_nothing()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.EmptyFinance);

        var page = await finance.PageAsync("/usage-report/money-found");

        Assert.Empty(page.QuerySelectorAll("[data-finding], [data-strip]"));
        Assert.Contains("No devices charged or scheduled in October 2026.", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(8, page.QuerySelectorAll("p.nothing").Length);
    }

    [Theory]
    [InlineData("?year=2026&month=10&days=0", "days")]
    [InlineData("?year=2026&month=10&days=ten", "days")]
    [InlineData("?year=2026&month=13", "month")]
    [InlineData("?year=2030&month=1", "month")]
    public async Task What_cannot_be_looked_for_is_refused_with_a_way_to_the_field(string query, string field)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);

        using var answer = await finance.GetAsync("/usage-report/money-found" + query);
        var page = await Visitor.ReadAsync(answer);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull(page.QuerySelector($".fault-summary a[href='#{field}']"));
        Assert.NotNull(page.QuerySelector($"#{field}[aria-invalid=true]"));
        Assert.Empty(page.QuerySelectorAll("[data-finding]"));
    }

    [Fact]
    public async Task An_auditor_sees_what_was_found_and_no_way_to_dismiss_it()
    {
        using var auditor = await Visitor.SignedInAsync(clinics.Site, Clinics.Auditor);

        var page = await auditor.PageAsync(October);

        Assert.NotEmpty(page.QuerySelectorAll("[data-finding]"));
        Assert.Empty(page.QuerySelectorAll("main a[href*=dismissing], main form[method=post]"));
    }

    /// <summary>Keys and pence, walked day by day through the whole file.</summary>
    private static Dictionary<string, long?> Idle(int days)
    {
        var last = Sessions.Where(row => Day(row) <= LastDay).GroupBy(row => row[ClientId]).ToDictionary(client => client.Key, client => client.Max(Day));
        var topUps = File.Where(row => row[Kind] == "daily-top-up" && Day(row) <= LastDay).OrderBy(Day).GroupBy(row => row[Device]);
        var found = new Dictionary<string, long?>();
        foreach (var device in topUps.Where(device => device.Any(row => row[OccurredAt].StartsWith("2026-10", StringComparison.Ordinal))))
        {
            var client = device.Last()[ClientId];
            if (client.Length > 0 && last.TryGetValue(client, out var session) && LastDay.DayNumber - session.DayNumber < days) continue;
            var after = client.Length > 0 && last.TryGetValue(client, out var known) ? known : DateOnly.MinValue;
            var stretch = device.Reverse().TakeWhile(row => row[ClientId] == client && Day(row) > after).ToList();
            if (stretch.Count == 0) continue;
            found[$"idle:{device.Key}:{stretch[^1][OccurredAt]}"] = stretch.Where(row => row[OccurredAt].StartsWith("2026-10", StringComparison.Ordinal)).Sum(row => Pence(row));
        }
        return found;
    }

    private async Task<Dictionary<string, long?>> ListAsync(string email, string path, string list)
    {
        using var visitor = await Visitor.SignedInAsync(clinics.Site, email);
        return Findings(await visitor.PageAsync(path), list).ToDictionary(found => found.Key, found => (long?)found.Value);
    }

    private static Dictionary<string, long> Findings(IParentNode page, string list) => page.QuerySelectorAll($"table[data-list={list}] tr[data-finding]")
        .ToDictionary(row => row.GetAttribute("data-finding")!, row => long.Parse(row.GetAttribute("data-pence")!, CultureInfo.InvariantCulture));

    private static long Total(IParentNode page, string list) => long.Parse(page.QuerySelector($"table[data-list={list}] tr[data-total-pence]")!.GetAttribute("data-total-pence")!, CultureInfo.InvariantCulture);

    private static int Unused(string[] row) => (5 - (int.Parse(row[Minutes], CultureInfo.InvariantCulture) % 5)) % 5;

    private static long HalfAwayFromZero(long numerator, long denominator) => (numerator / denominator) + (numerator % denominator * 2 >= denominator ? 1 : 0);

    private static long Pence(string[] row) => long.Parse(row[Cost].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private static DateOnly Day(string[] row) => DateOnly.ParseExact(row[OccurredAt][..10], "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset Start(string[] row) => DateTimeOffset.Parse(row[OccurredAt], CultureInfo.InvariantCulture);
}
