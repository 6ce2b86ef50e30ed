using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Core.Ledger;
using CreditUsage.Core.Lists;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Schedules;

/// <summary>Top-up schedules that come in by file, by the rules of the form.</summary>
public sealed class ScheduleListKind(CreditUsageDb db, SchedulesQuery query, AddSchedule add, TimeProvider clock) : ListKind<ScheduleTerms>
{
    public override string One => "top-up schedule";

    public override string Many => "top-up schedules";

    public override string Verb => "Add";

    public override IReadOnlyList<ListColumn> Columns { get; } =
    [
        Column("device_id") with { Hint = "Ten digits; zeros that a spreadsheet dropped are put back", AlsoCalled = HeadGuess.WordsOf("device_id") },
        Column("program") with { AlsoCalled = HeadGuess.WordsOf("program") },
        Column("client_id") with { Optional = true, Hint = "Empty, as the name, for a shared card", AlsoCalled = HeadGuess.WordsOf("client_id") },
        Column("client_name") with { Optional = true, Hint = "Empty for somebody who is known", AlsoCalled = HeadGuess.WordsOf("client_name") },
        Column("identity_note") with { Optional = true, Hint = "For a shared card", AlsoCalled = HeadGuess.WordsOf("identity_note") },
        Column("staff_id") with { AlsoCalled = HeadGuess.WordsOf("staff_id") },
        Column("staff_name") with { Optional = true, Hint = "Empty for somebody who is known", AlsoCalled = HeadGuess.WordsOf("staff_name") },
        Column("first_day", ListValues.Day) with { AlsoCalled = ["first", "from", "start", "startdate", "startson", "begins", "begin"] },
        Column("last_day", ListValues.Day) with { Optional = true, Hint = "Empty: until it is ended", AlsoCalled = ["last", "until", "to", "end", "enddate", "endson", "ends"] },
    ];

    public override IReadOnlyList<string> Heads => ["Device", "Program", "Client", "Staff member", "First day", "Last day"];

    public override IReadOnlyList<IReadOnlyList<string>> Sample(DateOnly today)
    {
        string Day(int days) => ScheduleLabels.Iso(today.AddDays(days));
        return
        [
            ["0000000001", "Sleep", "SAMPLE-C1", "Sample Client", "", "SAMPLE-S1", "Sample Staff", Day(1), Day(30)],
            ["0000000002", "Sleep", "", "", "Sample card at the desk", "SAMPLE-S1", "Sample Staff", Day(1), ""],
        ];
    }

    public override async Task<ListCheck<ScheduleTerms>> CheckAsync(IReadOnlyList<ListRow> rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var check = new ListCheck<ScheduleTerms>();
        var subscription = await query.SubscriptionAsync(cancellation);
        var readable = rows.Where(check.CanRead).ToList();
        var inputs = await query.CompletedAsync([.. readable.Select(Input)], cancellation);
        var (validator, recorded) = (new ScheduleValidator(subscription.StartsOn), (await query.AllAsync(cancellation)).ToLookup(schedule => schedule.DeviceId));
        var ofFile = new Dictionary<string, List<(int Line, ScheduleTerms Terms)>>(StringComparer.Ordinal);
        foreach (var (row, input) in readable.Zip(inputs))
        {
            if (validator.Validate(input, out var faults) is not { } terms) AddFaults(check, row.Line, faults);
            else if (recorded[terms.DeviceId].Any(other => IsSame(other, terms))) check.AddThere(row.Line, Cells(terms));
            else if (recorded[terms.DeviceId].FirstOrDefault(other => other.FirstDay <= terms.LastDay && other.LastDay >= terms.FirstDay) is { } other) AddFaults(check, row.Line, [AddSchedule.Overlap(other)]);
            else AddUnlessDoubled(check, row.Line, terms, ofFile);
        }
        var zeros = readable.Count(row => DeviceZeros.TryRestore(row["device_id"], out _));
        if (zeros > 0) check.AddNote($"{Display.Count(zeros, "device id has", "device ids have")} lost {(zeros == 1 ? "its" : "their")} first zeros, as spreadsheets drop them; they were put back.");
        await AddChargesAsync(check, subscription, cancellation);
        return check;
    }

    public override Task StoreAsync(IReadOnlyList<ScheduleTerms> rows, CancellationToken cancellation) => add.RunAsync(rows, cancellation);

    private static ListColumn Column(string field, ListValues values = ListValues.Text) => new(field, ScheduleField.LabelOf(field), values);

    private static ScheduleInput Input(ListRow row) => ScheduleInput.From(field => field == "device_id" && DeviceZeros.TryRestore(row[field], out var whole) ? whole : row[field]);

    private static void AddFaults(ListCheck<ScheduleTerms> check, int line, IReadOnlyList<UsageFault> faults)
    {
        foreach (var fault in faults) check.AddFault(line, ScheduleField.LabelOf(fault.Field), fault.Message);
    }

    private static void AddUnlessDoubled(ListCheck<ScheduleTerms> check, int line, ScheduleTerms terms, Dictionary<string, List<(int Line, ScheduleTerms Terms)>> ofFile)
    {
        if (!ofFile.TryGetValue(terms.DeviceId, out var others)) ofFile[terms.DeviceId] = others = [];
        if (others.Find(other => other.Terms.FirstDay <= terms.LastDay && other.Terms.LastDay >= terms.FirstDay) is { Line: > 0 } before)
        {
            check.AddFault(line, ScheduleField.LabelOf("device_id"), $"Line {before.Line} has device {terms.DeviceId} on some of these days too; a device has one schedule a day.");
            return;
        }
        others.Add((line, terms));
        check.Add(line, terms, Cells(terms));
    }

    private static bool IsSame(TopUpSchedule there, ScheduleTerms terms) =>
        (there.Program, there.ClientId, there.IdentityNote, there.StaffId, there.FirstDay, there.LastDay) == (terms.Program, terms.ClientId, terms.IdentityNote, terms.StaffId, terms.FirstDay, terms.LastDay);

    private static string[] Cells(ScheduleTerms terms)
    {
        var schedule = terms.Begin(0, default, "");
        return [terms.DeviceId, terms.Program, ScheduleRows.Client(schedule), $"{terms.StaffName} ({terms.StaffId})", Display.Day(terms.FirstDay), schedule.HasLastDay ? Display.Day(terms.LastDay) : "Until it is ended"];
    }

    /// <summary>Past days are charged as soon as their schedules are added, where top-ups are charged here.</summary>
    private async Task AddChargesAsync(ListCheck<ScheduleTerms> check, Subscription subscription, CancellationToken cancellation)
    {
        if (subscription.ChargesTopUpsFrom is not { } from) return;
        var yesterday = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-1);
        var charged = await MissingTopUps.CountAsync(db, [.. check.ToStore.Select(terms => terms.Begin(subscription.Id, default, ""))], from, yesterday, cancellation);
        if (charged > 0) check.AddNote(string.Create(CultureInfo.InvariantCulture, $"{Display.Count(charged, "day is", "days are")} over and will be charged at once, with {Display.Count(charged, "credit", "credits")}."));
    }
}
