using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Imports;
using CreditUsage.Platform;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Imports;

/// <summary>A file with columns of the clinic's own: matched, looked at, remembered and imported.</summary>
public sealed class ColumnsPageTests(ImportClinics clinics) : IClassFixture<ImportClinics>
{
    private const string Own = "Ref;Type;When;Therapist no;Therapist;Client no;Client;Programme;Card;Minutes;Cost\r\n" +
        "A1;Session;03/07/2026 09:30;S1;Zoë;C1;Ann;Sleep;;25;9,45\r\n" +
        "A2;Top-up;13/07/2026;S1;Zoë;;;Sleep;123456789;;1.001,89\r\n";

    [Fact]
    public async Task A_file_of_the_clinics_own_is_mapped_shown_remembered_and_imported_to_the_penny()
    {
        using var clinic = await clinics.ClinicAsync();
        var import = await CheckedAsync(clinic, Windows1252(Own));
        Assert.Equal(UsageImportState.NeedsColumns, import.State);
        Assert.Equal($"/imports/{import.Id}/columns", (await clinic.PageAsync(import.Id)).QuerySelector("#import-state a.btn-primary")!.GetAttribute("href"));

        var form = await clinic.Visitor.PageAsync($"/imports/{import.Id}/columns");
        Assert.Equal("The file is read as Windows-1252, separated by semicolons.", form.QuerySelector("[data-format]")!.TextContent);
        Assert.Equal("Ref Type When Therapist no Therapist Client no Client Programme Card  Minutes  Cost", string.Join(' ', UsageInput.Fields.Select(field => Select(form, field).Value)));
        Assert.Equal(("DayFirst", "true"), (Select(form, "Dates").Value, Select(form, "DecimalComma").Value));
        Assert.Equal(["A1", "A2"], form.QuerySelectorAll("[data-understood] th").Select(cell => cell.TextContent));
        Assert.Contains("03/07/2026 09:30:00", form.QuerySelector("[data-understood]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("£1,001.89", form.QuerySelectorAll("[data-understood]")[1].TextContent, StringComparison.Ordinal);

        using var shown = await SubmitAsync(clinic, import.Id, form, ("Zone", "London"), ("Do", "show"));
        var page = await Visitor.ReadAsync(shown);
        Assert.Contains("03/07/2026 08:30:00", page.QuerySelector("[data-understood]")!.TextContent, StringComparison.Ordinal);
        using var answer = await SubmitAsync(clinic, import.Id, page, ("Remember", "Old system"), ("Do", "check"));
        Assert.Equal($"/imports/{import.Id}", answer.Headers.Location!.OriginalString);
        var seen = await clinics.Site.SettledAsync(clinic.Id, import.Id);
        Assert.Equal((UsageImportState.Checked, 2, 0), (seen.State, seen.Accepted, seen.ErrorCount));
        Assert.Equal(
            ["The file was read as Windows-1252, separated by semicolons. Look at the names before you import.", "1 device id has lost its first zeros, as spreadsheets drop them; they were put back: 123456789 is 0123456789."],
            (await clinic.PageAsync(import.Id)).QuerySelectorAll(".alert-info").Select(note => note.TextContent));
        Assert.Equal(UsageImportState.Stored, (await clinic.StoreAsync(import.Id)).State);

        var events = await clinic.InAsync(db => db.UsageEvents.OrderBy(usage => usage.EventId).ToListAsync());
        Assert.Equal([("A1", new DateTimeOffset(2026, 7, 3, 8, 30, 0, TimeSpan.Zero), 945L), ("A2", new DateTimeOffset(2026, 7, 13, 0, 0, 0, TimeSpan.Zero), 100_189L)], events.Select(usage => (usage.EventId, usage.OccurredAt, usage.CostPence!.Value)));
        Assert.Equal(["Zoë"], await clinic.InAsync(db => db.StaffMembers.Select(staff => staff.Name).ToListAsync()));
        var mapping = await clinic.InAsync(db => db.ImportMappings.SingleAsync());
        Assert.Equal(("Old system", FileZone.London, clinic.Email), (mapping.Name, mapping.Columns.Zone, mapping.SavedBy));
        var entry = await clinic.InAsync(db => db.AuditEntries.Where(entry => entry.Action == AuditAction.Setting).OrderByDescending(entry => entry.Sequence).FirstAsync());
        Assert.Equal(("Import columns", $"Mapping {mapping.Id} saved"), (entry.Subject, entry.Detail));
    }

    [Fact]
    public async Task Remembered_columns_are_proposed_for_the_next_file_known_to_the_command_line_and_can_be_removed()
    {
        using var clinic = await clinics.ClinicAsync();
        await RememberAsync(clinic, "July", FileZone.London);
        var next = await CheckedAsync(clinic, Encoding.UTF8.GetBytes(Own.Replace("A1", "B1", StringComparison.Ordinal).Replace("A2;Top-up;13", "B2;Top-up;14", StringComparison.Ordinal)));
        Assert.Equal("London", Select(await clinic.Visitor.PageAsync($"/imports/{next.Id}/columns"), "Zone").Value);

        var result = await ImportAsync(clinic, "July", Own);
        Assert.Equal((2, 0, true), (result.Accepted, result.ErrorCount, result.Stored));
        Assert.Contains(new DateTimeOffset(2026, 7, 3, 8, 30, 0, TimeSpan.Zero), await clinic.InAsync(db => db.UsageEvents.Select(usage => usage.OccurredAt).ToListAsync()));
        Assert.Equal("There is no mapping June. There are: July.", (await Assert.ThrowsAsync<UserFacingException>(() => ImportAsync(clinic, "June", Own))).Message);

        var page = await clinic.Visitor.PageAsync("/imports/mappings");
        Assert.Equal("July", page.QuerySelector("[data-mapping] th")!.TextContent);
        using var removed = await clinic.Visitor.PostAsync("/imports/mappings", page.QuerySelector<IHtmlFormElement>("[data-mapping] form")!.GetAttribute("action")!);
        Assert.Equal(HttpStatusCode.SeeOther, removed.StatusCode);
        Assert.Empty(await clinic.InAsync(db => db.ImportMappings.ToListAsync()));
        Assert.StartsWith("There is no mapping July, nor any other.", (await Assert.ThrowsAsync<UserFacingException>(() => ImportAsync(clinic, "July", Own))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_chosen_or_cannot_be_is_said_at_its_field_and_nothing_is_checked()
    {
        using var clinic = await clinics.ClinicAsync();
        var import = await CheckedAsync(clinic, Encoding.UTF8.GetBytes(Own));
        var form = await clinic.Visitor.PageAsync($"/imports/{import.Id}/columns");

        using var missing = await SubmitAsync(clinic, import.Id, form, ("event_id", ""), ("staff_id", "not a head"), ("Do", "check"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, missing.StatusCode);
        Assert.Equal(["#column-event_id", "#column-staff_id"], (await Visitor.ReadAsync(missing)).QuerySelectorAll(".fault-summary a").Select(link => link.GetAttribute("href")));
        using var named = await SubmitAsync(clinic, import.Id, form, ("Remember", new string('x', 101)), ("Do", "check"));
        Assert.Contains("longer than 100", (await Visitor.ReadAsync(named)).QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
        using var ambiguous = await SubmitAsync(clinic, import.Id, form, ("Dates", "Unsaid"), ("Do", "show"));
        Assert.Contains("can be 3 July or 7 March", (await Visitor.ReadAsync(ambiguous)).QuerySelector("[data-misunderstood]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(UsageImportState.NeedsColumns, (await clinics.Site.ImportRowAsync(clinic.Id, import.Id)).State);
        Assert.Empty(await clinic.InAsync(db => db.ImportMappings.ToListAsync()));
    }

    [Fact]
    public async Task A_checked_file_can_be_mapped_again_a_stored_one_not()
    {
        using var clinic = await clinics.ClinicAsync();
        var import = await clinic.CheckedAsync(CsvText.Of(CsvRow.TopUp("E1", "13/07/2026")));
        Assert.Equal(1, import.ErrorCount);
        Assert.Contains((await clinic.PageAsync(import.Id)).QuerySelectorAll("#import-state a"), link => link.GetAttribute("href") == $"/imports/{import.Id}/columns");

        using var answer = await SubmitAsync(clinic, import.Id, await clinic.Visitor.PageAsync($"/imports/{import.Id}/columns"), ("Do", "check"));
        Assert.Equal(1, (await clinics.Site.SettledAsync(clinic.Id, import.Id)).Accepted);
        Assert.Equal(UsageImportState.Stored, (await clinic.StoreAsync(import.Id)).State);
        using var late = await clinic.Visitor.GetAsync($"/imports/{import.Id}/columns");
        Assert.Equal((HttpStatusCode.SeeOther, $"/imports/{import.Id}"), (late.StatusCode, late.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task Another_clinic_and_an_auditor_choose_no_columns()
    {
        using var clinic = await clinics.ClinicAsync();
        using var other = await clinics.ClinicAsync();
        using var auditor = await clinics.ClinicAsync(Roles.Auditor);
        var import = await CheckedAsync(clinic, Encoding.UTF8.GetBytes(Own));
        await RememberAsync(clinic, "Ours", FileZone.Gmt);
        using var foreign = await other.Visitor.GetAsync($"/imports/{import.Id}/columns");
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Null((await other.Visitor.PageAsync("/imports/mappings")).QuerySelector("[data-mapping]"));
        using var refused = await auditor.Visitor.GetAsync($"/imports/{import.Id}/columns");
        Assert.NotEqual(HttpStatusCode.OK, refused.StatusCode);
        await Assert.ThrowsAsync<UserFacingException>(() => ImportAsync(other, "Ours", Own));
    }

    [Fact]
    public async Task Rows_with_errors_come_back_as_the_files_own_with_the_reason_and_are_taken_once_corrected()
    {
        using var clinic = await clinics.ClinicAsync();
        var import = await clinic.CheckedAsync(CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.Session("E2", "yesterday", minutes: 9999, client: "Ann, Client"), CsvRow.Session("E3", "2026-10-03T09:30:00Z", client: "=1+1"), "E4,short"));

        var faulty = await TextAsync(clinic, $"/imports/{import.Id}/faulty-rows.csv");
        var whole = await TextAsync(clinic, $"/imports/{import.Id}/faulty-rows.csv?all=true");

        var lines = faulty.TrimEnd().Split("\r\n");
        Assert.Equal($"\uFEFF{CsvText.Header},What is wrong", lines[0]);
        Assert.Equal(["E2,con", "E4,sho"], lines[1..].Select(line => line[..6]));
        Assert.Contains("occurred_at: \"\"yesterday\"\" is not an instant", lines[1], StringComparison.Ordinal);
        Assert.Contains("duration_minutes:", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"Ann, Client\"", lines[1], StringComparison.Ordinal);
        var all = whole.TrimEnd().Split("\r\n");
        Assert.Equal(5, all.Length);
        Assert.EndsWith(",", all[1], StringComparison.Ordinal);
        Assert.Contains("'=1+1", all[3], StringComparison.Ordinal);

        var mended = string.Join("\r\n", all[..4]).Replace("yesterday", "2026-10-02T09:30:00Z", StringComparison.Ordinal).Replace("9999", "25", StringComparison.Ordinal);
        var again = await clinic.CheckedAsync(mended);
        Assert.Equal((3, 0), (again.Accepted, again.ErrorCount));
        var twice = await clinic.CheckedAsync(whole);
        Assert.Equal($"\uFEFF{CsvText.Header},What is wrong", (await TextAsync(clinic, $"/imports/{twice.Id}/faulty-rows.csv")).Split("\r\n")[0]);
    }

    [Fact]
    public async Task The_template_has_the_columns_and_the_sample_imports_without_an_error()
    {
        using var clinic = await clinics.ClinicAsync();
        Assert.Equal($"\uFEFF{CsvText.Header}\r\n", await TextAsync(clinic, "/imports/template.csv"));
        var sample = await clinic.CheckedAsync(await TextAsync(clinic, "/imports/sample.csv"));
        Assert.Equal((UsageImportState.Checked, 4, 0), (sample.State, sample.Accepted, sample.ErrorCount));
        Assert.Equal(["/imports/mappings", "/imports/sample.csv", "/imports/template.csv"], (await clinic.Visitor.PageAsync("/imports")).QuerySelectorAll("#upload-form a").Select(link => link.GetAttribute("href")!).Order(StringComparer.Ordinal));
    }

    private async Task<UsageImport> CheckedAsync(ImportClinic clinic, byte[] bytes, string name = "Our list.csv")
    {
        using var answer = await clinic.Visitor.UploadAsync(bytes, name);
        return await clinics.Site.SettledAsync(clinic.Id, Uploads.IdOf(answer));
    }

    private async Task RememberAsync(ImportClinic clinic, string name, FileZone zone)
    {
        var import = await CheckedAsync(clinic, Encoding.UTF8.GetBytes(Own));
        using var answer = await SubmitAsync(clinic, import.Id, await clinic.Visitor.PageAsync($"/imports/{import.Id}/columns"), ("Zone", $"{zone}"), ("Remember", name), ("Do", "check"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(0, (await clinics.Site.SettledAsync(clinic.Id, import.Id)).ErrorCount);
    }

    private Task<ImportResult> ImportAsync(ImportClinic clinic, string mapping, string text) => clinics.Site.InAsync(clinic.Id, async services =>
    {
        var columns = await services.GetRequiredService<ImportMappings>().NamedAsync(mapping, CancellationToken.None);
        return await services.GetRequiredService<ImportUsage>().RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), "Our list.csv", columns, dryRun: false, CancellationToken.None);
    });

    /// <summary>Sends the form as the page shows it, but for what is changed in it.</summary>
    private static Task<HttpResponseMessage> SubmitAsync(ImportClinic clinic, Guid import, IHtmlDocument page, params (string Name, string Value)[] changes)
    {
        var fields = page.QuerySelectorAll<IHtmlSelectElement>(".columns-form select").ToDictionary(select => select.Name!, select => select.Value ?? "");
        foreach (var (name, value) in changes) fields[name] = value;
        return clinic.Visitor.PostAsync($"/imports/{import}/columns", $"/imports/{import}/columns", fields);
    }

    /// <summary>With its byte order mark.</summary>
    private static async Task<string> TextAsync(ImportClinic clinic, string path)
    {
        using var answer = await clinic.Visitor.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync());
    }

    private static byte[] Windows1252(string text) => CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(text);

    private static IHtmlSelectElement Select(IHtmlDocument page, string name) => page.QuerySelector<IHtmlSelectElement>($"select[name={name}]")!;
}
