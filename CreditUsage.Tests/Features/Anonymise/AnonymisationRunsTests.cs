using System.Net;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Privacy;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Pdf;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Core.Jobs;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Quartz;

namespace CreditUsage.Tests.Features.Anonymise;

/// <summary>What stands in the way of an anonymisation, what a kill leaves of it, and the nights that do it by themselves.</summary>
public sealed class AnonymisationRunsTests
{
    private static readonly JobKey OldMonths = new("anonymise-old-months");

    [Fact]
    public async Task Killed_half_way_nobody_sees_a_change_and_the_next_start_takes_it_to_its_end()
    {
        var engine = new GatedEngine();
        await using var clinic = await NamedClinic.OpenAsync(new Site
        {
            ChangeServices = services =>
            {
                services.AddSingleton<QuickEngine>();
                services.Replace(ServiceDescriptor.Singleton<IPdfEngine>(provider =>
                {
                    engine.Inner = provider.GetRequiredService<QuickEngine>();
                    return engine;
                }));
            },
        });
        await clinic.Clinic.CloseAsync(ClosingClinic.August);
        var draft = await clinic.SaveAsync("/usage-report/pdf?year=2026&month=10&sessions=true&topUps=true");
        // The process stands still once the rows of August and its PDF are made, as one that is killed.
        var (gate, conversions) = (new TaskCompletionSource(), 0);
        engine.Before = (_, _, _) => Interlocked.Increment(ref conversions) < 2 ? Task.CompletedTask : gate.Task;
        using var asked = await clinic.AskAsync();
        await Wait.UntilAsync(() => Volatile.Read(ref conversions) == 2);

        Assert.Contains(NamedClinic.Name, await TextAsync(clinic, "/usage-report/csv?month=2026-10"), StringComparison.Ordinal);
        Assert.Contains(NamedClinic.FormerName, await TextAsync(clinic, "/usage-report/csv?month=2026-08"), StringComparison.Ordinal);
        Assert.Null(await clinic.FirstWrongAsync());
        Assert.Equal("Being anonymised", (await clinic.Administrator.PageAsync(asked.Headers.Location!.OriginalString)).GetElementById("state-heading")!.TextContent);

        var id = Guid.Parse(asked.Headers.Location!.OriginalString["/anonymise/".Length..]);
        // A killed process takes up nothing any more.
        await (await clinic.Site.Services.GetRequiredService<ISchedulerFactory>().GetScheduler()).Standby();
        await using (var next = new Site(prepared: false) { ChangeServices = QuickEngine.AddTo }.With("CreditUsage:DataPath", clinic.Site.DataPath))
        {
            next.UseKestrel(0);
            next.StartServer();
            await Wait.UntilAsync(async () => await clinic.InAsync(db => db.Anonymisations.AnyAsync(one => one.Id == id && one.State == AnonymisationState.Done)));
        }
        Assert.Empty(NamedClinic.TracesIn("report", await TextAsync(clinic, "/usage-report/csv?month=2026-10")));
        // What stood still was reading, too: only now can the last trace go.
        gate.SetResult();
        var done = await clinic.EndedAsync(id);
        Assert.Equal((AnonymisationState.Done, 1, 2), (done.State, done.Months, done.Reports));
        Assert.Empty(clinic.TracesOnDisk());
        Assert.Empty(NamedClinic.TracesIn("report", await TextAsync(clinic, "/usage-report/csv?month=2026-08")));
        Assert.NotEqual(draft.Sha256, await clinic.InAsync(db => db.SavedReports.Where(report => report.Id == draft.Id).Select(report => report.Sha256).SingleAsync()));
        Assert.Single(await clinic.InAsync(db => db.AuditEntries.Where(entry => entry.Action == AuditAction.Anonymise && entry.Subject == "Client").ToListAsync()));
        Assert.Null(await clinic.FirstWrongAsync());
    }

    [Fact]
    public async Task What_would_bring_the_name_back_or_keep_it_is_refused_and_the_password_is_asked_for_again()
    {
        await using var clinic = await NamedClinic.OpenAsync();
        Assert.Equal("Type anonymise to confirm.", await FaultAsync(clinic, word: "yes"));
        Assert.StartsWith("The reference stays for good, so it must not name the client.", await FaultAsync(clinic, reference: $"Letter of {NamedClinic.Name}"), StringComparison.Ordinal);
        Assert.Equal("No client has this id.", await FaultAsync(clinic, client: "CL-0000"));
        var import = await clinic.Administrator.CheckedAsync(clinic.Site, clinic.Clinic.Id, string.Join("\r\n", string.Join(',', UsageInput.Fields), NamedClinic.Session("Z9", "2026-10-07T09:00:00Z", NamedClinic.Name)));
        Assert.StartsWith("An import waits or is under way", await FaultAsync(clinic), StringComparison.Ordinal);
        using (await clinic.Administrator.PostAsync($"/imports/{import.Id}", $"/imports/{import.Id}/discard")) { }
        await clinic.InAsync(async db =>
        {
            db.Add(new TopUpSchedule { SubscriptionId = clinic.Clinic.Id, DeviceId = "3000000009", Program = "Sleep", StaffId = "S1", StaffName = "Sam Staff", ClientId = NamedClinic.ClientId, ClientName = NamedClinic.Name, IdentityNote = "", FirstDay = new(2026, 11, 1), LastDay = TopUpSchedule.NoLastDay, RecordedAt = clinic.Site.Clock.GetUtcNow(), RecordedBy = "" });
            return await db.SaveChangesAsync();
        });
        Assert.StartsWith("Device 3000000009 is still charged for this client.", await FaultAsync(clinic), StringComparison.Ordinal);
        Assert.Empty(await clinic.InAsync(db => db.Anonymisations.ToListAsync()));
        await clinic.InAsync(db => db.TopUpSchedules.ExecuteUpdateAsync(set => set.SetProperty(schedule => schedule.LastDay, new DateOnly(2026, 11, 21))));

        clinic.Site.Clock.Advance(TimeSpan.FromMinutes(11));
        using var asked = await clinic.AskAsync();
        Assert.Equal("Your password again", (await Visitor.ReadAsync(asked)).QuerySelector("h1")!.TextContent);
        Assert.Empty(await clinic.InAsync(db => db.Anonymisations.ToListAsync()));
    }

    [Fact]
    public async Task Clients_of_old_closed_months_become_codes_by_themselves_and_those_of_younger_ones_keep_their_names()
    {
        await using var clinic = await NamedClinic.OpenAsync(new Site { ChangeServices = QuickEngine.AddTo }.With("CreditUsage:Events:KeepYears", "1"));
        var august = await clinic.Clinic.CloseAsync(ClosingClinic.August);
        await clinic.Clinic.CloseAsync(ClosingClinic.September);
        var old = await clinic.BytesAsync($"/saved-reports/{august.SavedReportId}");
        var (totals, september) = (await clinic.TotalsAsync("2026-08"), await TextAsync(clinic, "/usage-report/csv?month=2026-09"));
        await NightAsync(clinic);
        Assert.Empty(await clinic.InAsync(db => db.Anonymisations.ToListAsync()));

        // The clock is announced on the first night and believed on the second: only August is over for a year.
        clinic.Site.Clock.Advance(new DateTimeOffset(2027, 9, 15, 3, 17, 0, TimeSpan.Zero) - clinic.Site.Clock.GetUtcNow());
        await NightAsync(clinic);
        Assert.Contains(await clinic.Site.AuditAsync(clinic.Clinic.Id), entry => entry.StartsWith("Anonymise | Clients of old months | 1 month has been kept for long enough by the clock", StringComparison.Ordinal));
        Assert.Empty(await clinic.InAsync(db => db.Anonymisations.ToListAsync()));
        clinic.Site.Clock.Advance(TimeSpan.FromDays(1));
        await NightAsync(clinic);
        await NightAsync(clinic);

        var done = Assert.Single(await clinic.InAsync(db => db.Anonymisations.AsNoTracking().ToListAsync()));
        Assert.Equal((AnonymisationState.Done, ClosingClinic.August, "CreditUsage", "Kept for 1 year", 1, 1), (done.State, done.Month!.Value, done.RequestedBy, done.Reference, done.Months, done.Reports));
        using var visitor = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Administrator);
        var later = new NamedClinic { Clinic = clinic.Clinic, Administrator = visitor };
        Assert.Equal((totals, september), (await later.TotalsAsync("2026-08"), await TextAsync(later, "/usage-report/csv?month=2026-09")));
        var rows = await TextAsync(later, "/usage-report/csv?month=2026-08");
        Assert.Empty(NamedClinic.TracesIn("August", rows));
        Assert.DoesNotContain("Ann Client", rows, StringComparison.Ordinal);
        Assert.Equal(("superseded", "Genuine, but replaced by an anonymised edition"), await later.VerifyAsync(old));
        Assert.Null(await later.FirstWrongAsync());
        // Only August had this name, and only there stood these notes.
        Assert.Empty(await later.InAsync(db => db.Clients.Where(client => client.Name == NamedClinic.FormerName).ToListAsync()));
        Assert.NotEmpty(await later.InAsync(db => db.Clients.Where(client => client.Name == NamedClinic.Name).ToListAsync()));
    }

    [Fact]
    public async Task Earlier_versions_are_replaced_too_and_a_report_that_cannot_be_made_again_is_withdrawn()
    {
        await using var clinic = await NamedClinic.OpenAsync();
        await clinic.Clinic.CloseAsync(ClosingClinic.August);
        var draft = await clinic.SaveAsync("/usage-report/pdf?year=2026&month=9&sessions=true&topUps=true");
        var pdf = await clinic.BytesAsync($"/saved-reports/{draft.Id}");
        clinic.Site.Clock.Advance(TimeSpan.FromMinutes(1));
        await clinic.Clinic.ReopenAsync(ClosingClinic.August);
        await clinic.Clinic.ImportAsync(CsvRow.Session("A4", "2026-08-20T09:00:00Z", client: "Ann Client"), NamedClinic.Session("Z10", "2026-08-21T09:00:00Z", NamedClinic.Name));
        await clinic.Clinic.CloseAsync(ClosingClinic.August);
        // As if a row had gone to another month since.
        await clinic.InAsync(db => db.SavedReports.Where(report => report.Id == draft.Id).ExecuteUpdateAsync(set => set.SetProperty(report => report.Events, report => report.Events + 1)));
        var before = await clinic.InAsync(db => db.MonthClosings.AsNoTracking().OrderBy(closing => closing.Version).ToListAsync());

        var done = await clinic.AnonymiseAsync();

        Assert.Equal((2, 2, 1), (done.Months, done.Reports, done.Withdrawn));
        var after = await clinic.InAsync(db => db.MonthClosings.AsNoTracking().OrderBy(closing => closing.Version).ToListAsync());
        foreach (var (was, now) in before.Zip(after))
        {
            Assert.Equal((was.RowsSha256, was.Events, was.Credits, was.CostPence), (now.ReplacesSha256, now.Events, now.Credits, now.CostPence));
            Assert.NotEqual((was.RowsSha256, was.PdfSha256), (now.RowsSha256, now.PdfSha256));
            Assert.Equal(now.Events, (await TextAsync(clinic, $"/months/2026-08/rows/{now.Version}")).Split("\"eventId\"").Length - 1);
        }
        Assert.Null(await clinic.FirstWrongAsync());
        Assert.Empty(clinic.TracesOnDisk());
        Assert.Equal(("superseded", "Genuine, but withdrawn"), await clinic.VerifyAsync(pdf));
        using var gone = await clinic.Administrator.GetAsync($"/saved-reports/{draft.Id}");
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        Assert.Contains("since it named a client who has been anonymised", await gone.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // The record is the clinic's own.
        const string Outsider = "administrator@outside.example";
        await clinic.Site.UserAsync(await clinic.Site.SubscriptionAsync("Outside Clinic", ClosingClinic.August.Start), Outsider, CreditUsage.Platform.Security.Roles.Administrator);
        using var outsider = await Visitor.SignedInAsync(clinic.Site, Outsider);
        using var foreign = await outsider.GetAsync($"/anonymise/{done.Id}");
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        var row = await clinic.InAsync(db => db.Clients.Where(client => client.Name == "Ann Client").Select(client => client.Id).FirstAsync());
        Assert.Equal("", (await outsider.PageAsync($"/anonymise?client={row}")).QuerySelector("#client")!.GetAttribute("value"));
        Assert.Equal("C1", (await clinic.Administrator.PageAsync($"/anonymise?client={row}")).QuerySelector("#client")!.GetAttribute("value"));
    }

    private static async Task NightAsync(NamedClinic clinic)
    {
        var scheduler = await clinic.Site.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        var ran = clinic.Site.EndedJobs.Count(OldMonths);
        await scheduler.TriggerJob(OldMonths);
        await Wait.UntilAsync(() => clinic.Site.EndedJobs.Count(OldMonths) > ran);
    }

    private static async Task<string> FaultAsync(NamedClinic clinic, string reference = "Request 2026-17", string word = "anonymise", string client = NamedClinic.ClientId)
    {
        using var answer = await clinic.AskAsync(reference, word, client);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary [data-problem]")!.TextContent;
    }

    private static async Task<string> TextAsync(NamedClinic clinic, string address) => System.Text.Encoding.UTF8.GetString(await clinic.BytesAsync(address));
}
