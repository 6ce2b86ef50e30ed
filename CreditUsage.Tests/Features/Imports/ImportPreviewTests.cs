using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Imports;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Imports;

/// <summary>What a file would add in credits and pounds, beside what is there, and rows that are recorded already under other ids.</summary>
public sealed class ImportPreviewTests(ImportClinics clinics) : IClassFixture<ImportClinics>
{
    [Fact]
    public async Task The_preview_has_credits_and_pounds_by_month_and_kind_beside_what_is_there()
    {
        using var clinic = await clinics.ClinicAsync();
        await clinics.Site.ImportRowsAsync(clinic.Id, CsvRow.Session("E1", "2026-10-01T09:30:00Z", cost: "9.45"), CsvRow.TopUp("E2", "2026-10-01", cost: "1.89"), CsvRow.Session("E3", "2026-07-01T09:30:00Z", cost: "1.00"));
        await clinic.CloseAsync(new UsageMonth(2026, 8));

        var import = await clinic.CheckedAsync(CsvText.Of(
            CsvRow.Session("E1", "2026-10-01T09:30:00Z", cost: "9.45"), CsvRow.Session("N1", "2026-10-02T09:30:00Z", minutes: 11, cost: "100.05"), CsvRow.Session("N2", "2026-10-03T09:30:00Z", minutes: 5),
            CsvRow.Session("N3", "2026-08-31T23:59:59Z", minutes: 5, cost: "1.89"), CsvRow.TopUp("N4", "2026-10-02", cost: "0.01"), CsvRow.Session("N5", "yesterday")));

        var page = await clinic.PageAsync(import.Id);
        Assert.Equal(
            [
                "2026-09 connected-session|September 2026|Connected session|1|1|£1.89|0|0|£0.00",
                "2026-10 connected-session|October 2026|Connected session|2|4|£100.05 and 1 without a price|1|5|£9.45",
                "2026-10 daily-top-up|October 2026|Daily top-up|1|1|£0.01|1|1|£1.89",
            ],
            page.QuerySelectorAll("tr[data-preview]").Select(row => $"{row.GetAttribute("data-preview")}|{string.Join('|', row.Children.Select(cell => cell.TextContent))}"));
        var rows = page.QuerySelectorAll("tr[data-preview-row]").Select(row => $"{row.GetAttribute("data-preview-row")}|{string.Join('|', row.Children.Select(cell => cell.TextContent))}").ToList();
        Assert.Equal(4, rows.Count);
        Assert.Equal("3|N1|02/10/2026 09:30|Connected session|Sam Staff|Ann Client|Sleep|11 minutes|3|£100.05|October 2026", rows[0]);
        Assert.Equal("4|N2|03/10/2026 09:30|Connected session|Sam Staff|Ann Client|Sleep|5 minutes|1|–|October 2026", rows[1]);
        Assert.Equal("5|N3|31/08/2026 23:59|Connected session|Sam Staff|Ann Client|Sleep|5 minutes|1|£1.89|September 2026", rows[2]);
        Assert.Equal("6|N4|02/10/2026|Daily top-up|Sam Staff|1000000001 Front desk|Sleep|1 day|1|£0.01|October 2026", rows[3]);
        Assert.Null(page.QuerySelector("[data-doubles]"));
    }

    [Fact]
    public async Task Of_many_rows_the_first_twenty_are_shown()
    {
        using var clinic = await clinics.ClinicAsync();
        var import = await clinic.CheckedAsync(CsvText.Of([.. Enumerable.Range(1, 21).Select(i => CsvRow.Session($"E{i}", $"2026-10-{i:00}T09:30:00Z"))]));
        Assert.Equal(Enumerable.Range(2, 20).Select(line => $"{line}"), (await clinic.PageAsync(import.Id)).QuerySelectorAll("tr[data-preview-row]").Select(row => row.GetAttribute("data-preview-row")!));
    }

    [Fact]
    public async Task Rows_that_are_recorded_under_other_ids_are_listed_linked_and_left_out_on_request()
    {
        using var clinic = await clinics.ClinicAsync();
        await clinics.Site.ImportRowsAsync(clinic.Id, [.. Enumerable.Range(1, 25).Select(i => CsvRow.Session($"E{i:00}", $"2026-10-{i:00}T09:30:00Z"))]);
        await clinic.CloseAsync(new UsageMonth(2026, 10));
        var text = CsvText.Of([.. Enumerable.Range(1, 25).Select(i => CsvRow.Session($"X{i:00}", $"2026-10-{i:00}T09:30:00Z")),
            CsvRow.Session("Y1", "2026-10-01T09:30:01Z"), CsvRow.Session("Y2", "2026-10-01T09:30:00Z", minutes: 26), CsvRow.Session("Y3", "2026-10-01T09:30:00Z", program: "Other"),
            CsvRow.Session("Y4", "2026-10-01T09:30:00Z", client: "Other"), CsvRow.Session("Y5", "2026-10-01T09:30:00Z", staff: "Other"), CsvRow.Session("E01", "2026-10-01T09:30:00Z")]);

        var import = await clinic.CheckedAsync(text);
        Assert.Equal((30, 1), (import.Accepted, import.Duplicates));
        var page = await clinic.PageAsync(import.Id);
        var doubles = page.QuerySelector("[data-doubles='25']")!;
        Assert.Equal([.. Enumerable.Range(1, 20).Select(i => $"Line {i + 1}: X{i:00} equals E{i:00}"), "and 5 more"], doubles.QuerySelectorAll("li").Select(item => item.TextContent.Trim()));
        Assert.Equal("/corrections?event=E01", doubles.QuerySelector("li a")!.GetAttribute("href"));
        var list = (await clinic.Visitor.Http.GetStringAsync(new Uri($"/imports/{import.Id}/doubles.csv", UriKind.Relative))).TrimEnd().Split("\r\n");
        Assert.Equal((26, "26,X25,E25"), (list.Length, list[^1]));

        using var answer = await clinic.Visitor.PostAsync($"/imports/{import.Id}", $"/imports/{import.Id}/leaveout");
        var without = await clinics.Site.SettledAsync(clinic.Id, import.Id);
        Assert.Equal((UsageImportState.Checked, 5, 1, 0), (without.State, without.Accepted, without.Duplicates, without.ErrorCount));
        page = await clinic.PageAsync(import.Id);
        Assert.Contains("25 rows are left out, since equal events are recorded under other ids.", page.QuerySelectorAll(".alert-info").Select(note => note.TextContent));
        Assert.Null(page.QuerySelector("[data-doubles]"));

        using var back = await clinic.Visitor.PostAsync($"/imports/{import.Id}", $"/imports/{import.Id}/takein");
        Assert.Equal(30, (await clinics.Site.SettledAsync(clinic.Id, import.Id)).Accepted);
        using var again = await clinic.Visitor.PostAsync($"/imports/{import.Id}", $"/imports/{import.Id}/leaveout");
        await clinics.Site.SettledAsync(clinic.Id, import.Id);
        Assert.Equal((UsageImportState.Stored, 5), (await clinic.StoreAsync(import.Id) is var stored ? stored.State : default, stored.Accepted));
        Assert.Equal(["Y1", "Y2", "Y3", "Y4", "Y5"], (await clinic.EventIdsAsync()).Where(id => id[0] != 'E'));
    }

    [Fact]
    public async Task A_top_up_that_is_recorded_under_another_id_can_be_left_out_one_that_differs_stays_an_error()
    {
        using var clinic = await clinics.ClinicAsync();
        await clinics.Site.ImportRowsAsync(clinic.Id, CsvRow.TopUp("E1", "2026-10-01"), CsvRow.TopUp("E2", "2026-10-02"));
        var import = await clinic.CheckedAsync(CsvText.Of(CsvRow.TopUp("X1", "2026-10-01"), CsvRow.TopUp("X2", "2026-10-02", note: "Other"), CsvRow.TopUp("X3", "2026-10-03"), CsvRow.TopUp("X4", "2026-10-03")));
        Assert.Equal((1, 3), (import.Accepted, import.ErrorCount));
        Assert.Equal(["Line 2: X1 equals E1"], (await clinic.PageAsync(import.Id)).QuerySelectorAll("[data-doubles] li").Select(item => item.TextContent.Trim()));

        using var answer = await clinic.Visitor.PostAsync($"/imports/{import.Id}", $"/imports/{import.Id}/leaveout");
        Assert.Equal((1, 2), (await clinics.Site.SettledAsync(clinic.Id, import.Id) is var seen ? seen.Accepted : 0, seen.ErrorCount));
    }

    [Fact]
    public async Task Rows_of_one_file_and_events_of_another_clinic_make_no_double()
    {
        using var clinic = await clinics.ClinicAsync();
        using var other = await clinics.ClinicAsync();
        await clinics.Site.ImportRowsAsync(other.Id, CsvRow.Session("E1", "2026-10-01T09:30:00Z"));
        var result = await clinics.Site.ImportTextAsync(clinic.Id, CsvText.Of(CsvRow.Session("X1", "2026-10-01T09:30:00Z"), CsvRow.Session("X2", "2026-10-01T09:30:00Z")), dryRun: true);
        Assert.Equal((2, 0), (result.Accepted, result.Doubles!.Count));
    }

    [Fact]
    public async Task A_conflict_names_both_values_and_the_line_of_an_event_in_the_same_file()
    {
        using var clinic = await clinics.ClinicAsync();
        await clinics.Site.ImportRowsAsync(clinic.Id, CsvRow.Session("E1", "2026-10-01T09:30:00Z", cost: "9.45"), CsvRow.TopUp("T1", "2026-10-01"));
        var result = await clinics.Site.ImportTextAsync(clinic.Id, CsvText.Of(
            CsvRow.Session("E1", "2026-10-01T09:31:00Z"), CsvRow.Session("E1", "2026-10-01T09:30:00Z", staff: "Other"), CsvRow.Session("E1", "2026-10-01T09:30:00Z", client: "Other"),
            CsvRow.Session("E1", "2026-10-01T09:30:00Z", program: "Other"), CsvRow.Session("E1", "2026-10-01T09:30:00Z", minutes: 26), CsvRow.Session("E1", "2026-10-01T09:30:00Z", credits: "6"),
            CsvRow.Session("E1", "2026-10-01T09:30:00Z", cost: "9.46"), CsvRow.TopUp("E1", "2026-10-02"), CsvRow.TopUp("T1", "2026-10-01", note: "Other"),
            CsvRow.Session("N1", "2026-10-01T09:30:00Z", staff: "New"), CsvRow.Session("N1", "2026-10-01T09:30:00Z", staff: "Newer"), CsvRow.TopUp("T2", "2026-10-03"), CsvRow.TopUp("T3", "2026-10-03")), dryRun: true);

        const string recorded = "Event E1 is already recorded with another ", end = "; an event cannot be changed, so leave it out or give it an id of its own.";
        Assert.Equal(
            [
                $"{recorded}occurred_at (2026-10-01T09:30:00Z, here 2026-10-01T09:31:00Z){end}",
                $"{recorded}staff_name (S1 Sam Staff, here S1 Other){end}",
                $"{recorded}client_name (C1 Ann Client, here C1 Other){end}",
                $"{recorded}program (Sleep, here Other){end}",
                $"{recorded}duration_minutes (25, here 26){end}",
                $"{recorded}credits (5, here 6){end}",
                $"{recorded}cost_gbp (9.45, here 9.46){end}",
                $"{recorded}kind (connected-session, here daily-top-up){end}",
                "Event T1 is already recorded with another identity_note (Front desk, here Other); an event cannot be changed, so leave it out or give it an id of its own.",
                "Event N1 is on line 11 too, with another staff_name (S1 New, here S1 Newer); leave one of them out or give it an id of its own.",
                "Device 1000000001 already has its top-up for 2026-10-03, event T2 on line 13; leave this one out.",
            ],
            result.Errors.Select(error => error.Message));
    }

    [Fact]
    public async Task The_command_line_leaves_doubles_out_too_and_tells_the_money()
    {
        using var clinic = await clinics.ClinicAsync();
        await clinics.Site.ImportRowsAsync(clinic.Id, CsvRow.Session("E1", "2026-10-01T09:30:00Z"));
        var text = CsvText.Of(CsvRow.Session("X1", "2026-10-01T09:30:00Z"), CsvRow.Session("X2", "2026-10-02T09:30:00Z", cost: "3.00"));

        var dry = await clinics.Site.ImportTextAsync(clinic.Id, text, dryRun: true);
        Assert.Equal([(2, "X1", "E1")], dry.Doubles!.Select(row => (row.Line, row.EventId, row.Recorded)));
        Assert.Equal((2, 300L, 1), (Assert.Single(dry.Preview!.Months).New.Events, dry.Preview.Months[0].New.Pence, dry.Preview.Months[0].There.Events));
        var result = await clinics.Site.InAsync(clinic.Id, services => services.GetRequiredService<ImportUsage>().RunAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), "", mapping: null, dryRun: false, CancellationToken.None, leaveOutDoubles: true));
        Assert.Equal((1, true), (result.Accepted, result.Stored));
        Assert.Equal(["E1", "X2"], await clinic.EventIdsAsync());
    }
}
