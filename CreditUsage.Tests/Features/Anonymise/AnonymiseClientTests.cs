using System.Text;
using System.Text.Json;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Privacy;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Api;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Tests.Features.Anonymise;

/// <summary>A client who asks to be forgotten, from the form to the last byte of the data folder.</summary>
public sealed class AnonymiseClientTests : IAsyncLifetime
{
    private const string August = "?year=2026&month=8&sessions=true&topUps=true", October = "?year=2026&month=10&sessions=true&topUps=true";

    private static readonly string[] Months = ["2026-08", "2026-09", "2026-10"];

    private NamedClinic _clinic = null!;

    public async Task InitializeAsync() => _clinic = await NamedClinic.OpenAsync(new Site());

    public Task DisposeAsync() => _clinic.DisposeAsync().AsTask();

    [Fact]
    public async Task Nothing_names_the_client_any_more_and_every_figure_proof_and_verdict_holds()
    {
        using var meter = await _clinic.CallerAsync(ApiScopes.WriteUsage);
        using var reader = await _clinic.CallerAsync(ApiScopes.ReadReports);
        // From now on this process knows the client's row.
        Assert.Equal((1, 0), (await meter.StoreAsync(Call("Z6"))).Counts);
        await WriteNamesAsync();
        var closing = await _clinic.Clinic.CloseAsync(ClosingClinic.August);
        var billback = await _clinic.SaveAsync($"/usage-report/billback{August}&by=client");
        var draft = await _clinic.SaveAsync($"/usage-report/pdf{October}");
        var filtered = await _clinic.SaveAsync($"/usage-report/pdf{October}&client={NamedClinic.ClientId}&q=Quillf&summary=none");
        var accountant = await _clinic.SaveAsync($"/usage-report/pdf{October}&copy=accountant");
        var (totals, closed, old) = (await TotalsAsync(), await BytesAsync(closing.SavedReportId), await BytesAsync(draft.Id));
        var whole = await _clinic.InAsync(db => db.UsageEvents.SumAsync(usage => usage.CostPence));
        Assert.Contains("Quillfeather", Words(old), StringComparison.Ordinal);
        Assert.Null(await _clinic.FirstWrongAsync());

        var preview = await Visitor.ReadAsync(await _clinic.Administrator.PostAsync("/anonymise", "/anonymise", new Dictionary<string, string> { ["client"] = NamedClinic.ClientId }));
        Assert.Equal(["events=9", "open=2, from September 2026 to October 2026", "closed=August 2026", "kept=1", "reports=4", "schedules=1"], preview.QuerySelectorAll("[data-figure]").Select(figure => $"{figure.GetAttribute("data-figure")}={figure.TextContent}"));
        var done = await _clinic.AnonymiseAsync();

        Assert.Equal((AnonymisationState.Done, 9, 1, 4, 0, (string?)null), (done.State, done.Events, done.Months, done.Reports, done.Withdrawn, done.ClientId));
        Assert.Equal(totals, await TotalsAsync());
        Assert.Equal(whole, await _clinic.InAsync(db => db.UsageEvents.SumAsync(usage => usage.CostPence)));
        Assert.Null(await _clinic.FirstWrongAsync());
        Assert.Empty(_clinic.TracesOnDisk());
        var name = ClientPseudonym.NameOf(done.Code!);
        await ReadEverythingAsync(reader, name);

        // The papers: the old ones were genuine, the new ones are, and say what they are.
        Assert.Equal(("superseded", "Genuine, but replaced by an anonymised edition"), await _clinic.VerifyAsync(closed));
        Assert.Equal(("superseded", "Genuine, but replaced by an anonymised edition"), await _clinic.VerifyAsync(old));
        foreach (var (report, pages) in new[] { (await SavedAsync(closing.SavedReportId), closed), (await SavedAsync(draft.Id), old), (await SavedAsync(billback.Id), null), (await SavedAsync(filtered.Id), null) })
        {
            var pdf = await BytesAsync(report.Id);
            Assert.Empty(NamedClinic.TracesIn(report.FileName, Words(pdf)));
            Assert.Contains(name.Split(' ')[1], Words(pdf), StringComparison.Ordinal);
            Assert.Contains("Anonymised edition of 22/11/2026", Words(pdf), StringComparison.Ordinal);
            if (pages is not null) Assert.Equal(PdfText.Amounts(pages).Order(), PdfText.Amounts(pdf).Order());
            Assert.Equal("current", (await _clinic.VerifyAsync(pdf)).Verdict);
        }
        Assert.Equal(accountant.Sha256, (await SavedAsync(accountant.Id)).Sha256);
        Assert.Equal($"client={Uri.EscapeDataString(done.Code!)}&q={Uri.EscapeDataString(name)}", string.Join('&', (await SavedAsync(filtered.Id)).Variant.Split('&').Where(part => part.StartsWith("client", StringComparison.Ordinal) || part.StartsWith("q=", StringComparison.Ordinal))));
        Assert.Equal(draft.Number, (await SavedAsync(draft.Id)).Number);
        // Asked for once more, the edition is the answer.
        Assert.Equal(draft.Id, (await _clinic.SaveAsync($"/usage-report/pdf{October}")).Id);

        var audit = await _clinic.InAsync(db => db.AuditEntries.Where(entry => entry.Action == AuditAction.Anonymise).OrderBy(entry => entry.Sequence).ToListAsync());
        Assert.Equal(["Client", "August 2026"], audit.Select(entry => entry.Subject));
        Assert.Equal($"{name}, by \"Request 2026-17\": 9 events, 1 kept month and 4 saved reports made again", audit[0].Detail);
        Assert.Contains(closing.RowsSha256, audit[1].Detail, StringComparison.Ordinal);
        Assert.Equal(ClosingClinic.Administrator, audit[0].Actor);

        // What comes later with the old id is another client's, also where the process knew it.
        Assert.Equal((1, 0), (await meter.StoreAsync(Call("Z7"))).Counts);
        Assert.Equal([NamedClinic.ClientId], await _clinic.InAsync(db => db.Clients.Where(client => db.UsageEvents.Any(usage => usage.EventId == "Z7" && usage.ClientId == client.Id)).Select(client => client.ClientId).ToListAsync()));
        Assert.Equal(System.Net.HttpStatusCode.Conflict, (await meter.StoreAsync(Call("Z6"))).Status);
    }

    private static System.Text.Json.Nodes.JsonObject Call(string id) => ApiCaller.Session(id, "2026-10-05T09:00:00Z", ("client_id", NamedClinic.ClientId), ("client_name", NamedClinic.Name));

    /// <summary>Everywhere that people and programs leave a name.</summary>
    private async Task WriteNamesAsync()
    {
        using var adjusted = await _clinic.Administrator.PostAsync("/corrections?event=Z5", "/corrections?handler=Adjust&event=Z5", new Dictionary<string, string> { ["Input.Minutes"] = "25", ["Input.Reason"] = $"{NamedClinic.Name} left early" });
        var rows = string.Join("\r\n", string.Join(',', UsageInput.Fields), NamedClinic.Session("Z8", "2026-10-06T09:00:00Z", NamedClinic.Name));
        var import = await _clinic.Administrator.CheckedAsync(_clinic.Site, _clinic.Clinic.Id, rows, $"{NamedClinic.Name}.csv");
        Assert.Equal(UsageImportState.Stored, (await _clinic.Administrator.StoreAsync(_clinic.Site, _clinic.Clinic.Id, import.Id)).State);
        await _clinic.InAsync(async db =>
        {
            db.Add(new TopUpSchedule { SubscriptionId = _clinic.Clinic.Id, DeviceId = "3000000001", Program = "Sleep", StaffId = "S1", StaffName = "Sam Staff", ClientId = NamedClinic.ClientId, ClientName = NamedClinic.Name, IdentityNote = "Zebedee's own card", FirstDay = new(2026, 8, 30), LastDay = new(2026, 8, 30), RecordedAt = _clinic.Site.Clock.GetUtcNow(), RecordedBy = "" });
            db.Add(new SavedView { SubscriptionId = _clinic.Clinic.Id, Name = "His: Zebedee Quillfeather", Owner = ClosingClinic.Administrator, Shared = true, IsDefault = false, Query = $"sessions=true&topUps=true&client={NamedClinic.ClientId}", SavedAt = _clinic.Site.Clock.GetUtcNow() });
            return await db.SaveChangesAsync();
        });
    }

    private async Task ReadEverythingAsync(ApiCaller reader, string name)
    {
        var found = new List<string>();
        foreach (var month in Months)
        {
            var of = $"?month={month}";
            foreach (var address in new[] { "/usage-report", "/usage-report/print", "/usage-report/csv", "/usage-report/json" })
            {
                var text = Encoding.UTF8.GetString(await _clinic.BytesAsync(address + of));
                Assert.Contains(name, text, StringComparison.Ordinal);
                found.AddRange(NamedClinic.TracesIn(address + of, text));
            }
            found.AddRange(NamedClinic.TracesIn("xlsx", await UnpackedAsync(await _clinic.BytesAsync("/usage-report/xlsx" + of))));
        }
        foreach (var address in new[] { "/saved-reports", "/schedules", "/imports", "/credits/statement?month=2026-08", "/corrections", "/corrections?event=Z5", "/months/2026-08", "/months/2026-08/rows/1", "/usage-report/views", "/usage-report/money-found?year=2026&month=10", "/anonymise", "/audit" })
            found.AddRange(NamedClinic.TracesIn(address, Encoding.UTF8.GetString(await _clinic.BytesAsync(address))));
        foreach (var address in new[] { "/api/v1/usage-events?month=2026-08", "/api/v1/usage-events?month=2026-10", "/api/v1/usage-report?month=2026-08", "/api/v1/top-up-schedules", "/api/v1/saved-reports" })
            found.AddRange(NamedClinic.TracesIn(address, (await reader.GetAsync(address)).Text));
        Assert.Contains("Anonymised edition of 22/11/2026: it replaces the edition with the SHA-256", JsonDocument.Parse(await _clinic.BytesAsync("/months/2026-08/rows/1")).RootElement.GetProperty("edition").GetString(), StringComparison.Ordinal);
        Assert.NotNull((await _clinic.Administrator.PageAsync("/usage-report?month=2026-08")).QuerySelector("[data-edition]"));
        Assert.Empty(found);
    }

    private static async Task<string> UnpackedAsync(byte[] workbook)
    {
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(workbook));
        var text = new StringBuilder();
        foreach (var entry in zip.Entries)
        {
            using var content = new StreamReader(entry.Open());
            text.Append(await content.ReadToEndAsync());
        }
        return text.ToString();
    }

    private async Task<string> TotalsAsync() => string.Join('\n', await Task.WhenAll(Months.Select(month => _clinic.TotalsAsync(month))));

    private Task<SavedReport> SavedAsync(Guid id) => _clinic.InAsync(db => db.SavedReports.AsNoTracking().SingleAsync(report => report.Id == id));

    private Task<byte[]> BytesAsync(Guid report) => _clinic.BytesAsync($"/saved-reports/{report}");

    private static string Words(byte[] pdf) => string.Join(' ', PdfText.Words(pdf).SelectMany(words => words));
}
