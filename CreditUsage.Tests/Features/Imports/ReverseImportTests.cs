using System.Net;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Tests.Features.Imports;

/// <summary>A whole import taken back: a correction for each event, all at once.</summary>
public sealed class ReverseImportTests(ImportClinics clinics) : IClassFixture<ImportClinics>
{
    [Fact]
    public async Task Every_event_that_is_not_reversed_yet_gets_its_correction_in_its_month_or_the_next_open_one()
    {
        using var clinic = await clinics.ClinicAsync();
        await clinics.Site.ImportRowsAsync(clinic.Id, CsvRow.Session("Other", "2026-10-01T09:30:00Z", cost: "1.00"));
        var import = await StoredAsync(clinic,
            CsvRow.Session("E1", "2026-09-01T09:30:00Z", cost: "9.45"), CsvRow.Session("E2", "2026-10-01T09:30:00Z", cost: "9.45"), CsvRow.TopUp("E3", "2026-10-02", cost: "1.89"), CsvRow.Session("E4", "2026-10-03T09:30:00Z"), CsvRow.Session("E5", "2026-10-04T09:30:00Z", cost: "5.00"));
        using (await clinic.Visitor.PostAsync("/corrections?event=E2", "/corrections?handler=Adjust&event=E2", new Dictionary<string, string> { ["Input.Minutes"] = "10", ["Input.Cost"] = "3.78", ["Input.Reason"] = "Shorter" })) { }
        using (await clinic.Visitor.PostAsync("/corrections?event=E5", "/corrections?handler=Reverse&event=E5", new Dictionary<string, string> { ["Input.Reason"] = "Never was" })) { }
        await clinic.CloseAsync(new UsageMonth(2026, 9));

        var page = await clinic.Visitor.PageAsync($"/imports/{import}/reverse");
        Assert.Equal(["2026-10|October 2026|4|-13|-£15.12 and 1 without a price"], page.QuerySelectorAll("[data-reversed]").Select(row => $"{row.GetAttribute("data-reversed")}|{string.Join('|', row.Children.Select(cell => cell.TextContent))}"));
        using var answer = await clinic.Visitor.PostAsync($"/imports/{import}/reverse", $"/imports/{import}/reverse", new Dictionary<string, string> { ["reason"] = " Wrong  file " });
        Assert.Equal((HttpStatusCode.SeeOther, $"/imports/{import}"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        var reversed = await clinics.Site.SettledAsync(clinic.Id, import);

        Assert.Equal((UsageImportState.Reversed, "Wrong file", clinic.Email), (reversed.State, reversed.ReverseReason, reversed.ReversedBy));
        var rows = await clinic.InAsync(db => db.UsageEvents.AsNoTracking().ToListAsync());
        foreach (var original in rows.Where(row => row.EventId is "E1" or "E2" or "E3" or "E4" or "E5"))
        {
            var corrections = rows.Where(row => row.CorrectsId == original.Id).ToList();
            Assert.Single(corrections, row => row.Correction == CorrectionKind.Reversal);
            Assert.Equal((0, 0), (original.Credits + corrections.Sum(row => row.Credits), (original.DurationMinutes ?? 0) + corrections.Sum(row => row.DurationMinutes ?? 0)));
            Assert.Equal(0, (original.CostPence ?? 0) + corrections.Sum(row => row.CostPence ?? 0));
        }
        Assert.Equal(12, rows.Count);
        Assert.Equal(100, rows.Where(row => row.ReportMonth == new UsageMonth(2026, 10)).Sum(row => row.CostPence ?? 0) + rows.Where(row => row.EventId == "E1").Sum(row => row.CostPence ?? 0));
        Assert.Equal(["Wrong file"], rows.Where(row => row.CorrectsId is not null && row.Reason is not ("Shorter" or "Never was")).Select(row => row.Reason!).Distinct());
        var entry = await clinic.InAsync(db => db.AuditEntries.OrderByDescending(entry => entry.Sequence).FirstAsync());
        Assert.Equal((AuditAction.Correction, "Import reversed: 4 events, -13 credits", clinic.Email), (entry.Action, entry.Detail, entry.Actor));
        Assert.Contains("Wrong file", (await clinic.PageAsync(import)).QuerySelector("#import-state")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_wrong_file_is_reversed_the_right_one_comes_in_with_the_same_devices_and_days_once()
    {
        using var clinic = await clinics.ClinicAsync();
        var wrong = await StoredAsync(clinic, CsvRow.TopUp("W1", "2026-10-01", cost: "1.00"), CsvRow.TopUp("W2", "2026-10-02", cost: "1.00"), CsvRow.TopUp("W3", "2026-10-03", device: "1000000002", cost: "1.00"));
        string[] right = [CsvRow.TopUp("R1", "2026-10-01", cost: "0.45"), CsvRow.TopUp("R2", "2026-10-02", cost: "0.45"), CsvRow.TopUp("R3", "2026-10-03", device: "1000000002", cost: "0.45"), CsvRow.TopUp("R4", "2026-10-04", cost: "0.45")];
        Assert.Equal(3, (await clinic.CheckedAsync(CsvText.Of(right))).ErrorCount);
        (await clinic.Visitor.PostAsync($"/imports/{wrong}/reverse", $"/imports/{wrong}/reverse", new Dictionary<string, string> { ["reason"] = "Wrong" })).Dispose();
        await clinics.Site.SettledAsync(clinic.Id, wrong);

        var twice = await clinic.CheckedAsync(CsvText.Of([.. right, CsvRow.TopUp("R5", "2026-10-02", cost: "0.45")]));
        Assert.Equal((4, 1), (twice.Accepted, twice.ErrorCount));
        Assert.Contains("already has its top-up for 2026-10-02, event R2 on line 3; leave this one out.", (await clinic.PageAsync(twice.Id)).QuerySelector("[data-line='6']")!.TextContent, StringComparison.Ordinal);
        await StoredAsync(clinic, right);

        Assert.Equal(180, await clinic.InAsync(db => db.UsageEvents.SumAsync(usage => usage.CostPence ?? 0)));
        Assert.Equal([1, 1, 1, 0, 0, 0, 0], await clinic.InAsync(db => db.UsageEvents.Where(usage => usage.Correction == null).OrderBy(usage => usage.EventId).Select(usage => usage.DayTurn).ToListAsync()));
        Assert.Equal(["R1", "R2", "R3", "R4", "W1", "W2", "W3"], (await clinic.EventIdsAsync()).Where(id => id.Length == 2));
        // The right ones hold their days, and the same file again brings nothing.
        var again = await clinic.CheckedAsync(CsvText.Of([.. right, CsvRow.TopUp("R6", "2026-10-01")]));
        Assert.Equal((0, 4, 1), (again.Accepted, again.Duplicates, again.ErrorCount));
        // Reversed and recorded a third time.
        (await clinic.Visitor.PostAsync("/corrections?event=R1", "/corrections?handler=Reverse&event=R1", new Dictionary<string, string> { ["Input.Reason"] = "Wrong too" })).Dispose();
        await StoredAsync(clinic, CsvRow.TopUp("T1", "2026-10-01", cost: "0.45"));
        Assert.Equal(2, await clinic.InAsync(db => db.UsageEvents.Where(usage => usage.EventId == "T1").Select(usage => usage.DayTurn).SingleAsync()));
    }

    [Fact]
    public async Task A_top_up_that_was_recorded_again_with_another_client_holds_its_day()
    {
        using var clinic = await clinics.ClinicAsync();
        await StoredAsync(clinic, CsvRow.TopUp("T1", "2026-10-01", client: "Ann Client", cost: "0.45"));
        var page = await clinic.Visitor.PageAsync("/corrections/replace?event=T1");
        var fields = page.QuerySelectorAll("main input[name]").Select(input => (Name: input.GetAttribute("name")!, Value: input.GetAttribute("value") ?? "")).Where(field => !field.Name.StartsWith("__", StringComparison.Ordinal)).DistinctBy(field => field.Name).ToDictionary(field => field.Name, field => field.Value);
        (fields["client_id"], fields["client_name"], fields["reason"]) = ("C2", "Bob Brown", "Wrong client");
        using (await clinic.Visitor.PostAsync("/corrections/replace?event=T1", "/corrections/replace?event=T1", fields)) { }
        Assert.Equal(1, await clinic.InAsync(db => db.UsageEvents.Where(usage => usage.EventId.StartsWith("again")).Select(usage => usage.DayTurn).SingleAsync()));

        var again = await clinic.CheckedAsync(CsvText.Of([CsvRow.TopUp("T2", "2026-10-01", client: "Bob Brown", cost: "0.45")]));

        Assert.Equal((0, 1), (again.Accepted, again.ErrorCount));
    }

    [Fact]
    public async Task The_statement_of_the_month_has_a_line_a_day_for_what_was_reversed_in_bulk_and_closes()
    {
        using var clinic = await clinics.ClinicAsync();
        var import = await StoredAsync(clinic,
            [.. Enumerable.Range(1, 40).Select(i => CsvRow.Session($"E{i}", $"2026-10-{1 + (i % 2):00}T09:30:00Z")), CsvRow.TopUp("T1", "2026-10-01"), CsvRow.TopUp("T2", "2026-10-02")]);
        using (await clinic.Visitor.PostAsync("/corrections?event=E1", "/corrections?handler=Reverse&event=E1", new Dictionary<string, string> { ["Input.Reason"] = "Alone" })) { }
        (await clinic.Visitor.PostAsync($"/imports/{import}/reverse", $"/imports/{import}/reverse", new Dictionary<string, string> { ["reason"] = "Wrong file" })).Dispose();
        await clinics.Site.SettledAsync(clinic.Id, import);

        var statement = await clinic.Visitor.PageAsync("/credits/statement?year=2026&month=10&basis=service");

        Assert.Equal(
            ["Connected session E1 of 02/10/2026: Alone", "20 sessions of 01/10/2026: Wrong file", "Daily top-up T1 of 01/10/2026: Wrong file", "19 sessions of 02/10/2026: Wrong file", "Daily top-up T2 of 02/10/2026: Wrong file"],
            statement.QuerySelectorAll("td").Select(cell => cell.TextContent.Trim()).Where(text => text.EndsWith("Alone", StringComparison.Ordinal) || text.EndsWith("Wrong file", StringComparison.Ordinal)).OrderBy(text => text.EndsWith("Alone", StringComparison.Ordinal) ? 0 : 1));
        Assert.Equal("0", statement.QuerySelector("tr[data-line=Closing]")!.GetAttribute("data-credits"));
    }

    [Fact]
    public async Task Reversed_twice_or_clicked_often_it_is_reversed_once_and_then_nothing_is_left()
    {
        using var clinic = await clinics.ClinicAsync();
        var import = await StoredAsync(clinic, [.. Enumerable.Range(1, 1500).Select(i => CsvRow.Session($"E{i}", "2026-10-01T09:30:00Z", cost: "0.05"))]);
        var reason = new Dictionary<string, string> { ["reason"] = "Wrong" };
        foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => clinic.Visitor.PostAsync($"/imports/{import}/reverse", $"/imports/{import}/reverse", reason)))) answer.Dispose();
        await clinics.Site.SettledAsync(clinic.Id, import);

        Assert.Equal((3000, 0L, 0), (await clinic.InAsync(db => db.UsageEvents.CountAsync()), await clinic.InAsync(db => db.UsageEvents.SumAsync(usage => usage.CostPence ?? 0)), await clinic.InAsync(db => db.UsageEvents.SumAsync(usage => usage.Credits))));
        Assert.Equal(2, await clinic.InAsync(db => db.UsageIntakes.CountAsync()));
        using var again = await clinic.Visitor.GetAsync($"/imports/{import}/reverse");
        Assert.Equal(HttpStatusCode.SeeOther, again.StatusCode);
    }

    [Fact]
    public async Task Without_a_reason_or_the_right_nothing_is_reversed()
    {
        using var clinic = await clinics.ClinicAsync();
        using var other = await clinics.ClinicAsync();
        using var auditor = await clinics.ClinicAsync(Roles.Auditor);
        var import = await StoredAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z"));
        using var empty = await clinic.Visitor.PostAsync($"/imports/{import}/reverse", $"/imports/{import}/reverse", new Dictionary<string, string> { ["reason"] = " " });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
        Assert.Contains("Enter a reason.", (await Visitor.ReadAsync(empty)).QuerySelector(".fault-summary, [role=alert]")!.TextContent, StringComparison.Ordinal);
        using var foreign = await other.Visitor.GetAsync($"/imports/{import}/reverse");
        using var refused = await auditor.Visitor.GetAsync($"/imports/{import}/reverse");
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, refused.StatusCode);
        Assert.Equal(UsageImportState.Stored, (await clinics.Site.ImportRowAsync(clinic.Id, import)).State);
    }

    private static async Task<Guid> StoredAsync(ImportClinic clinic, params string[] rows)
    {
        var import = await clinic.CheckedAsync(CsvText.Of(rows));
        Assert.Equal(UsageImportState.Stored, (await clinic.StoreAsync(import.Id)).State);
        return import.Id;
    }
}
