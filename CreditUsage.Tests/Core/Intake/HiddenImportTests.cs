using CreditUsage.Core.Intake;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Imports;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Intake;

/// <summary>An import while it is half-way: it holds no lock, nobody sees it, and what others record meanwhile wins (docs/decisions/0021).</summary>
public sealed class HiddenImportTests(Site site) : IClassFixture<Site>
{
    private static readonly DateTimeOffset At = new(2026, 10, 1, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Others_write_while_a_file_is_read()
    {
        var clinic = await ClinicAsync();
        var written = new List<string>();
        IEnumerable<string> Lines()
        {
            yield return string.Join(',', UsageInput.Fields);
            for (var row = 1; row <= 3000; row++)
            {
                // The file is read before, to see how it is written; two batches are written by now.
                if (row == 2500 && IsBeingImportedAsync(clinic).GetAwaiter().GetResult())
                {
                    RecordAsync(clinic, Session("Call")).GetAwaiter().GetResult();
                    written.AddRange(EventsAsync(clinic).GetAwaiter().GetResult());
                }
                yield return CsvRow.Session($"E{row}", "2026-10-01T09:30:00Z");
            }
        }

        var result = await site.InAsync(clinic, services => services.GetRequiredService<ImportUsage>().RunAsync(new GeneratedStream(Lines()), "", mapping: null, dryRun: false, CancellationToken.None));

        Assert.Equal((3000, true), (result.Accepted, result.Stored));
        Assert.Equal(["Call"], written);
        Assert.Equal(3001, (await EventsAsync(clinic)).Count);
    }

    private Task<bool> IsBeingImportedAsync(int clinic) => site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().UsageIntakes.AnyAsync(intake => intake.HiddenBlock != null));

    [Fact]
    public async Task Nobody_sees_any_of_it_before_all_of_it()
    {
        var clinic = await ClinicAsync();
        await RecordAsync(clinic, Session("Before"));
        await ImportAsync(clinic, async record =>
        {
            await AddAsync(record, Session("E1"), Session("E2", cost: 700));
            Assert.Equal((1, 1), await FiguresAsync(clinic));
            Assert.Equal((1, 0), await CheckAsync(clinic, Session("E1")));

            Assert.True(await record.BeginCommitAsync(CancellationToken.None));
            Assert.Equal((1, 1), await FiguresAsync(clinic));
            site.Clock.Advance(TimeSpan.FromSeconds(1));
            await record.CommitAsync(CancellationToken.None);
        });
        Assert.Equal((3, 3), await FiguresAsync(clinic));
        Assert.Equal((0, 1), await CheckAsync(clinic, Session("E1")));
        // What comes after has ids of its own, and is seen.
        await RecordAsync(clinic, Session("After"));
        Assert.Equal(4, (await EventsAsync(clinic)).Count);
        var intake = await InDbAsync(clinic, db => db.UsageIntakes.AsNoTracking().SingleAsync(intake => intake.Source == UsageSource.Import));
        Assert.Equal((2, 0, null, site.Clock.GetUtcNow()), (intake.Accepted, intake.Duplicates, intake.HiddenBlock, intake.RecordedAt));
    }

    [Fact]
    public async Task The_same_event_twice_in_a_file_is_one_and_with_other_content_a_conflict()
    {
        var clinic = await ClinicAsync();
        await ImportAsync(clinic, async record =>
        {
            await AddAsync(record, Session("E1"), Session("E1"));
            Assert.Equal((1, 1), (record.Accepted, record.Duplicates));
            await record.AddAsync(9, Session("E1", minutes: 50), CancellationToken.None);
            Assert.Equal((9, "duration_minutes"), (await record.FlushAsync(CancellationToken.None)).Select(conflict => (conflict.Line, conflict.Fault.Field)).Single());
        });
        Assert.Empty(await EventsAsync(clinic));
    }

    [Fact]
    public async Task An_event_that_somebody_else_records_meanwhile_is_theirs_and_the_import_begins_anew()
    {
        var clinic = await ClinicAsync();
        await ImportAsync(clinic, async record =>
        {
            await AddAsync(record, Session("E1"), TopUp("T1"), Session("E2"));
            await RecordAsync(clinic, Session("E1", minutes: 50), TopUp("Charged"));
            Assert.False(await record.BeginCommitAsync(CancellationToken.None));
        });
        Assert.Equal(["Charged", "E1"], await EventsAsync(clinic));
        Assert.Equal(0, await LeftAsync(clinic));
    }

    [Fact]
    public async Task A_month_that_closes_or_a_price_that_is_set_meanwhile_is_not_gone_past()
    {
        var clinic = await ClinicAsync();
        await ImportAsync(clinic, async record =>
        {
            await AddAsync(record, Session("E1"));
            await InDbAsync(clinic, db => ClosingRows.AddAsync(db, clinic, new UsageMonth(2026, 10), closedAt: site.Clock.GetUtcNow()));
            Assert.False(await record.BeginCommitAsync(CancellationToken.None));
        });
        await ImportAsync(clinic, async record =>
        {
            await AddAsync(record, Session("E1"));
            await site.PriceAsync(clinic, new DateOnly(2026, 11, 1), 450_000);
            Assert.False(await record.BeginCommitAsync(CancellationToken.None));
        });
        Assert.Empty(await EventsAsync(clinic));
        Assert.Equal(0, await LeftAsync(clinic));
    }

    [Fact]
    public async Task What_a_killed_import_has_left_is_never_seen_and_goes_with_the_next_one_or_at_night()
    {
        var clinic = await ClinicAsync();
        await KilledAsync(clinic);
        Assert.Empty(await EventsAsync(clinic));
        Assert.Equal(3, await LeftAsync(clinic));
        Assert.Equal((2, 0), await ImportedAsync(clinic, "E1", "Other"));
        Assert.Equal(["E1", "Other"], await EventsAsync(clinic));

        var other = await ClinicAsync();
        await KilledAsync(other);
        await using var scope = site.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<RemoveAbandonedImportsJob>(scope.ServiceProvider).Execute(null!);
        Assert.Equal(0, await LeftAsync(other));
        Assert.Equal(2, (await EventsAsync(clinic)).Count);
        Assert.Empty(await InDbAsync(other, db => db.UsageIntakes.ToListAsync()));
    }

    [Fact]
    public async Task Two_files_of_a_clinic_take_turns_and_those_of_two_clinics_do_not_wait()
    {
        var (clinic, other) = (await ClinicAsync(), await ClinicAsync());
        Task<(int, int)>? second = null;
        await ImportAsync(clinic, async record =>
        {
            await AddAsync(record, Session("E1"));
            second = Task.Run(() => ImportedAsync(clinic, "E1", "E2"));
            Assert.Equal((1, 0), await ImportedAsync(other, "E1"));
            Assert.False(second.IsCompleted);
            Assert.True(await record.BeginCommitAsync(CancellationToken.None));
            await record.CommitAsync(CancellationToken.None);
        });
        Assert.Equal((1, 1), await second!);
    }

    private static UsageRecord Session(string id, int minutes = 25, long? cost = null) =>
        new(id, UsageKind.ConnectedSession, At, "S1", "Sam Staff", "C1", "Ann Client", "Sleep", null, null, minutes, null, cost);

    private static UsageRecord TopUp(string id) =>
        new(id, UsageKind.DailyTopUp, new DateTimeOffset(At.UtcDateTime.Date, TimeSpan.Zero), "S1", "Sam Staff", null, null, "Sleep", "1000000001", "Front desk", null, null, null);

    private Task<int> ClinicAsync() => site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));

    private Task ImportAsync(int clinic, Func<RecordUsage, Task> act, CancellationToken cancellation = default) => site.InAsync(clinic, async services =>
    {
        await using var record = await RecordUsage.BeginImportAsync(
            services.GetRequiredService<CreditUsageDb>(), services.GetRequiredService<ImportTurns>(), "somebody", site.Clock, cancellation);
        await act(record);
        return 0;
    });

    /// <summary>Leaves what a process leaves that is killed: an import that is stopped leaves its removal to others as well.</summary>
    private async Task KilledAsync(int clinic)
    {
        using var kill = new CancellationTokenSource();
        await ImportAsync(clinic, async record =>
        {
            await AddAsync(record, Session("E1"), Session("E2"), Session("E3"));
            await kill.CancelAsync();
        }, kill.Token);
    }

    private async Task<(int Accepted, int Duplicates)> ImportedAsync(int clinic, params string[] ids)
    {
        var result = await site.ImportRowsAsync(clinic, [.. ids.Select(id => CsvRow.Session(id, "2026-10-01T09:30:00Z"))]);
        Assert.True(result.Stored);
        return (result.Accepted, result.Duplicates);
    }

    private static async Task AddAsync(RecordUsage record, params UsageRecord[] events)
    {
        for (var line = 0; line < events.Length; line++) await record.AddAsync(line, events[line], CancellationToken.None);
        Assert.Empty(await record.FlushAsync(CancellationToken.None));
    }

    /// <summary>As a call or a charge does.</summary>
    private Task RecordAsync(int clinic, params UsageRecord[] events) => site.InAsync(clinic, async services =>
    {
        await using var record = await RecordUsage.BeginAsync(services.GetRequiredService<CreditUsageDb>(), UsageSource.Api, "somebody", site.Clock, CancellationToken.None);
        await AddAsync(record, events);
        await record.CommitAsync(CancellationToken.None);
        return 0;
    });

    private Task<(int Accepted, int Duplicates)> CheckAsync(int clinic, UsageRecord usage) => site.InAsync(clinic, async services =>
    {
        await using var record = await RecordUsage.BeginDryRunAsync(services.GetRequiredService<CreditUsageDb>(), site.Clock.GetUtcNow(), CancellationToken.None);
        await AddAsync(record, usage);
        return (record.Accepted, record.Duplicates);
    });

    private Task<(int Rows, int Listed)> FiguresAsync(int clinic) => site.InAsync(clinic, async services =>
    {
        var report = await services.GetRequiredService<ReportQuery>().OpenAsync(new ReportFilter(new UsageMonth(2026, 10), Sessions: true, TopUps: true, UsageSort.Default), CancellationToken.None);
        return (report.All.Rows, await report.RowsAsync(CancellationToken.None).CountAsync());
    });

    private Task<List<string>> EventsAsync(int clinic) => InDbAsync(clinic, db => db.UsageEvents.OrderBy(usage => usage.EventId).Select(usage => usage.EventId).ToListAsync());

    /// <summary>Rows in the table that no query sees.</summary>
    private async Task<int> LeftAsync(int clinic) =>
        await InDbAsync(clinic, db => db.UsageEvents.OfEverySubscription().IgnoreQueryFilters().CountAsync(usage => usage.SubscriptionId == clinic)) - (await EventsAsync(clinic)).Count;

    private Task<T> InDbAsync<T>(int clinic, Func<CreditUsageDb, Task<T>> ask) => site.InAsync(clinic, services => ask(services.GetRequiredService<CreditUsageDb>()));
}
