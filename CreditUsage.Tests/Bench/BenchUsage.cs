using System.Globalization;
using System.Text;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Tests.Bench;

/// <summary>Invented usage as a CSV file, in proportions like those of real input: two top-ups to three sessions.</summary>
internal static class BenchUsage
{
    private const int Staff = 30;
    private const int Clients = 600;
    private const int Opens = 8 * 3600;
    private const int Open = 11 * 3600;

    private static readonly string[] First = ["Amelia", "Beth", "Callum", "Daniel", "Ewan", "Farah", "Harriet", "Nia", "Oisín", "Priya", "Siân", "Zoë"];
    private static readonly string[] Last = ["Ahmed", "Barker", "Chowdhury", "Davies", "Evans", "Griffin", "Kowalska", "Lloyd", "O'Neill", "Price", "Walsh"];
    private static readonly string[] Programs = ["Anxiety Relief", "Back and Neck", "Calm Sleep", "Chronic Pain", "Headache and Migraine", "Mood Balance", "Recovery after Surgery", "Stress and Burnout", "Trauma and PTSD"];

    /// <summary>Writes events spread evenly over some days, in the report's order.</summary>
    public static async Task WriteAsync(string path, DateOnly start, int days, int events)
    {
        await using var csv = new StreamWriter(path);
        await csv.WriteLineAsync(string.Join(',', UsageInput.Fields));
        var random = new Random(events);
        for (var number = 0; number < events; number++)
        {
            var (day, first, next) = DayOf(number, days, events);
            await csv.WriteLineAsync(Line(random, number, start.AddDays(day), number - first, next - first));
        }
    }

    /// <summary>How <see cref="WriteOwnAsync"/> writes.</summary>
    public static ColumnMapping OwnColumns { get; } = new()
    {
        Heads = UsageInput.Fields.ToDictionary(field => field, field => $"Own {field}"),
        Dates = DateStyle.DayFirst,
        Zone = FileZone.London,
        DoubledHour = DoubledHour.Gmt,
        DecimalComma = true,
    };

    /// <summary>The same events as a clinic's spreadsheet might have them: other heads, semicolons, Windows-1252, days first, decimal commas.</summary>
    public static async Task WriteOwnAsync(string from, string to)
    {
        await using var own = new StreamWriter(to, append: false, CodePagesEncodingProvider.Instance.GetEncoding(1252)!);
        await own.WriteLineAsync(string.Join(';', UsageInput.Fields.Select(field => $"Own {field}")));
        await foreach (var line in File.ReadLinesAsync(from).Skip(1))
        {
            var fields = line.Split(',');
            fields[2] = fields[2].Length == 10 ? $"{fields[2][8..]}/{fields[2][5..7]}/{fields[2][..4]}" : $"{fields[2][8..10]}/{fields[2][5..7]}/{fields[2][..4]} {fields[2][11..19]}";
            fields[12] = fields[12].Replace('.', ',');
            await own.WriteLineAsync(string.Join(';', fields));
        }
    }

    private static (int Day, int First, int Next) DayOf(int number, int days, int events)
    {
        var day = (int)((long)number * days / events);
        return (day, FirstOf(day), FirstOf(day + 1));

        int FirstOf(int which) => (int)((((long)which * events) + days - 1) / days);
    }

    /// <summary>The top-ups of a day stand before its sessions.</summary>
    private static string Line(Random random, int number, DateOnly day, int place, int placesOfDay)
    {
        var topUps = placesOfDay * 2 / 5;
        var date = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var id = string.Create(CultureInfo.InvariantCulture, $"B{day:yyMMdd}-{number:D6}");
        // A top-up device is one client's, with one programme, day after day.
        var (staff, client, program) = place < topUps
            ? (place % Staff, place % Clients, place % Programs.Length)
            : (random.Next(Staff), random.Next(Clients), random.Next(Programs.Length));
        var who = $"S{staff:D3},{Name(staff)},C{client:D5},{Name(client)},{Programs[program]}";
        if (place < topUps) return $"{id},{UsageKinds.DailyTopUp},{date},{who},{1_000_000_000L + (place * 7919L):D10},{Name(client)} #1,,1,0.45";
        var second = Opens + ((place - topUps) * Open / (placesOfDay - topUps));
        var credits = random.Next(1, 19);
        return $"{id},{UsageKinds.ConnectedSession},{date}T{TimeOnly.MinValue.Add(TimeSpan.FromSeconds(second)):HH:mm:ss}Z,{who},,,{credits * 5},{credits},{(credits * 0.45m).ToString("0.00", CultureInfo.InvariantCulture)}";
    }

    private static string Name(int number) => $"{First[number % First.Length]} {Last[number / First.Length % Last.Length]}{(number < First.Length * Last.Length ? "" : " " + (number / (First.Length * Last.Length)))}";
}
