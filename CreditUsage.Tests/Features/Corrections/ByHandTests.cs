using System.Net;
using AngleSharp.Html.Dom;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Tests.Features.Corrections;

/// <summary>A single event typed into a form, and an event recorded again with the right names.</summary>
public sealed class ByHandTests(ImportClinics clinics) : IClassFixture<ImportClinics>
{
    private const string Record = "/corrections/record";

    [Fact]
    public async Task A_session_is_recorded_by_hand_once_however_often_the_form_is_sent()
    {
        using var clinic = await clinics.ClinicAsync();
        var fields = Fields(await clinic.Visitor.PageAsync(Record), ("date", "2026-10-01"), ("time", "09:30"), ("staff_id", "S1"), ("staff_name", " Sam  Staff "), ("client_id", "C1"), ("client_name", "Ann"), ("program", "Sleep"), ("duration_minutes", "25"), ("cost_gbp", "9.45"));
        using var answer = await clinic.Visitor.PostAsync(Record, Record, fields);
        using var again = await clinic.Visitor.PostAsync(Record, Record, fields);

        Assert.Equal((HttpStatusCode.SeeOther, answer.Headers.Location), (again.StatusCode, again.Headers.Location));
        var usage = await clinic.InAsync(db => db.UsageEvents.SingleAsync());
        Assert.Equal($"/corrections?event={usage.EventId}", answer.Headers.Location!.OriginalString);
        Assert.Equal((new DateTimeOffset(2026, 10, 1, 9, 30, 0, TimeSpan.Zero), 25, 5, 945L), (usage.OccurredAt, usage.DurationMinutes!.Value, usage.Credits, usage.CostPence!.Value));
        Assert.Equal((UsageSource.Hand, clinic.Email), await clinic.InAsync(async db => await db.UsageIntakes.SingleAsync() is var intake ? (intake.Source, intake.RecordedBy) : default));
        Assert.Contains("By hand", (await clinic.Visitor.PageAsync($"/corrections?event={usage.EventId}")).Body!.TextContent, StringComparison.Ordinal);
        var entry = await clinic.InAsync(db => db.AuditEntries.OrderByDescending(entry => entry.Sequence).FirstAsync(entry => entry.Action == AuditAction.Correction));
        Assert.Equal(($"Event {usage.EventId}", "Recorded by hand, 5 credits"), (entry.Subject, entry.Detail));

        var like = await clinic.Visitor.PageAsync($"{Record}?like={usage.EventId}");
        Assert.Equal("S1 Sam Staff C1 Ann Sleep ", string.Join(' ', new[] { "staff_id", "staff_name", "client_id", "client_name", "program", "duration_minutes" }.Select(name => Input(like, name))));
    }

    [Fact]
    public async Task What_is_wrong_is_said_at_its_field_and_nothing_is_recorded()
    {
        using var clinic = await clinics.ClinicAsync();
        await clinics.Site.ImportRowsAsync(clinic.Id, CsvRow.TopUp("T1", "2026-10-01"));
        var page = await clinic.Visitor.PageAsync(Record);
        using var empty = await clinic.Visitor.PostAsync(Record, Record, Fields(page, ("date", "2026-10-01"), ("duration_minutes", "x")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
        Assert.Equal(["#date", "#staff_id", "#staff_name", "#client_id", "#client_name", "#program", "#duration_minutes"], (await Visitor.ReadAsync(empty)).QuerySelectorAll(".fault-summary a").Select(link => link.GetAttribute("href")).OrderBy(href => Array.IndexOf(["#date", "#staff_id", "#staff_name", "#client_id", "#client_name", "#program", "#duration_minutes"], href)));
        using var taken = await clinic.Visitor.PostAsync(Record, Record, Fields(page, ("kind", "daily-top-up"), ("date", "2026-10-01"), ("staff_id", "S1"), ("staff_name", "Sam"), ("program", "Sleep"), ("device_id", "1000000001")));
        Assert.Contains("already has its top-up", (await Visitor.ReadAsync(taken)).QuerySelector("#device_id-fault")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["T1"], await clinic.EventIdsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wrong_client_is_put_right_by_reversing_and_recording_again_in_one_step(bool closed)
    {
        using var clinic = await clinics.ClinicAsync();
        await clinics.Site.ImportRowsAsync(clinic.Id, CsvRow.Session("E1", "2026-09-01T09:30:00Z", cost: "9.45"), CsvRow.TopUp("T1", "2026-09-02", cost: "1.89"));
        if (closed) await clinic.CloseAsync(new UsageMonth(2026, 9));
        var shown = new UsageMonth(2026, closed ? 10 : 9);

        foreach (var id in (string[])["E1", "T1"])
        {
            var address = $"/corrections/replace?event={id}";
            Assert.Contains((await clinic.Visitor.PageAsync($"/corrections?event={id}")).QuerySelectorAll("a"), link => link.GetAttribute("href") == address);
            var page = await clinic.Visitor.PageAsync(address);
            Assert.Equal("Sam Staff", Input(page, "staff_name"));
            using var answer = await clinic.Visitor.PostAsync(address, address, Fields(page, ("client_id", "C9"), ("client_name", "Right Client"), ("reason", "Wrong client")));
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            using var gone = await clinic.Visitor.GetAsync(address);
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        }

        var rows = await clinic.InAsync(db => db.UsageEvents.AsNoTracking().OrderBy(usage => usage.Id).ToListAsync());
        Assert.Equal(6, rows.Count);
        Assert.Equal(945 + 189, rows.Sum(row => row.CostPence));
        Assert.Equal((25, 5 + 1), (rows.Sum(row => row.DurationMinutes ?? 0), rows.Sum(row => row.Credits)));
        var right = await clinic.InAsync(db => db.Clients.SingleAsync(client => client.Name == "Right Client"));
        var again = rows.Where(row => row.EventId.StartsWith("again-", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, again.Count);
        Assert.All(again, row => Assert.Equal((right.Id, shown), (row.ClientId, row.ReportMonth)));
        Assert.All(rows.Where(row => row.Correction == CorrectionKind.Reversal), row => Assert.Equal((shown, "Wrong client"), (row.ReportMonth, row.Reason)));
    }

    [Fact]
    public async Task Nothing_is_replaced_without_a_reason_or_a_difference_or_a_name()
    {
        using var clinic = await clinics.ClinicAsync();
        await clinics.Site.ImportRowsAsync(clinic.Id, CsvRow.Session("E1", "2026-09-01T09:30:00Z"));
        const string address = "/corrections/replace?event=E1";
        var page = await clinic.Visitor.PageAsync(address);
        foreach (var (changes, fault) in new[] { (new[] { ("staff_name", "Other"), ("reason", " ") }, "reason-fault"), ([("reason", "None")], "reason-fault"), ([("staff_name", ""), ("reason", "Wrong")], "staff_name-fault") })
        {
            using var answer = await clinic.Visitor.PostAsync(address, address, Fields(page, changes));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.NotNull((await Visitor.ReadAsync(answer)).GetElementById(fault));
        }
        Assert.Equal(["E1"], await clinic.EventIdsAsync());
    }

    private static Dictionary<string, string> Fields(IHtmlDocument page, params (string Name, string Value)[] changes)
    {
        var fields = page.QuerySelectorAll("main form input[name]").OfType<IHtmlInputElement>().Where(input => input.Name != "__RequestVerificationToken").ToDictionary(input => input.Name!, input => input.Value);
        if (page.QuerySelector("main form select") is IHtmlSelectElement { Name: { } kind } select) fields[kind] = select.Value ?? "";
        foreach (var (name, value) in changes) fields[name] = value;
        return fields;
    }

    private static string Input(IHtmlDocument page, string name) => ((IHtmlInputElement)page.QuerySelector($"main input[name={name}]")!).Value;
}
