using CreditUsage.Core.Closing;
using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Data;

/// <summary>Two sites that share a database take turns at writing for a clinic.</summary>
public sealed class WriteTurnTests
{
    private const int Calls = 60;

    [Fact]
    public async Task A_month_that_is_closed_while_usage_comes_in_has_every_row_that_counts_in_it()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        await using var other = Other(clinic.Site);

        var stored = Enumerable.Range(0, Calls).Select(call => StoreAsync(call % 2 == 0 ? clinic.Site : other, clinic.Id, call, ClosingClinic.August.Start)).ToList();
        await Task.WhenAny(stored);
        var closing = await CloseAsync(other, clinic.Id);
        await Task.WhenAll(stored);

        var counted = await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().UsageEvents.GroupBy(usage => usage.ReportMonth).ToDictionaryAsync(month => month.Key, month => month.Count()));
        Assert.Equal(closing.Events, counted[ClosingClinic.August]);
        // All the others came in too late, and count in the first open month beside its own event.
        Assert.Equal(Calls + 3, counted[ClosingClinic.August] + counted[ClosingClinic.September]);
    }

    [Fact]
    public async Task Calls_to_either_site_are_all_stored_with_one_row_for_each_name_and_one_chain_of_the_audit()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        await using var other = Other(clinic.Site);

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(call => StoreAsync(call % 2 == 0 ? clinic.Site : other, clinic.Id, call, ClosingClinic.October.Start)));

        await clinic.InAsync(async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            Assert.Equal(Calls, await db.UsageEvents.CountAsync(usage => EF.Functions.Like(usage.EventId, "W%")));
            Assert.Equal(Calls / 2, await db.StaffMembers.CountAsync(staff => EF.Functions.Like(staff.StaffId, "W%")));
            var (entries, broken) = await AuditChain.CheckAsync(db, CancellationToken.None);
            Assert.Null(broken);
            Assert.Equal(Calls, await db.AuditEntries.CountAsync(entry => entry.Action == AuditAction.ApiIngest));
            return entries;
        });
    }

    [Fact]
    public async Task One_file_of_a_clinic_is_imported_at_a_time_whichever_site_does_it()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        await using var other = Other(clinic.Site);
        var (turns, others) = (clinic.Site.Services.GetRequiredService<ImportTurns>(), other.Services.GetRequiredService<ImportTurns>());

        using (Assert.IsAssignableFrom<IDisposable>(turns.TryEnter(clinic.Id)))
        {
            Assert.Null(others.TryEnter(clinic.Id));
            using var another = Assert.IsAssignableFrom<IDisposable>(others.TryEnter(clinic.Id + 1));
        }
        using var free = Assert.IsAssignableFrom<IDisposable>(others.TryEnter(clinic.Id));
    }

    /// <summary>Again where usage came in at each of its attempts, as its words ask for.</summary>
    private static async Task<MonthClosing> CloseAsync(Site site, int clinic)
    {
        while (true)
        {
            try
            {
                return await site.InAsync(clinic, services => services.GetRequiredService<CloseMonth>().RunAsync(ClosingClinic.August, ClosingClinic.Note, CancellationToken.None));
            }
            catch (UserFacingException problem) when (problem.Message.Contains("keeps arriving", StringComparison.Ordinal))
            {
            }
        }
    }

    private static Site Other(Site site)
    {
        var other = new Site(prepared: false) { ChangeServices = QuickEngine.AddTo }.With("CreditUsage:DataPath", site.DataPath);
        other.UseKestrel(0);
        other.StartServer();
        return other;
    }

    /// <summary>As a call does, with a name that another call brings at the same time.</summary>
    private static Task<bool> StoreAsync(Site site, int clinic, int call, DateOnly day) => Task.Run(() => site.InAsync(clinic, async services =>
    {
        var (db, clock) = (services.GetRequiredService<CreditUsageDb>(), services.GetRequiredService<TimeProvider>());
        var record = await RecordUsage.BeginAsync(db, UsageSource.Api, "a key", clock, CancellationToken.None);
        await using (record)
        {
            var usage = new UsageRecord(FormattableString.Invariant($"W{call}"), UsageKind.ConnectedSession, new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero), FormattableString.Invariant($"W{call / 2}"), "Staff", "C1", "Client", "Program", null, null, 5, null, null);
            Assert.Empty(await record.AddAsync(1, usage, CancellationToken.None));
            Assert.Empty(await record.FlushAsync(CancellationToken.None));
            await services.GetRequiredService<AuditLog>().AddAsync(AuditAction.ApiIngest, "Usage events", "1 accepted", CancellationToken.None);
            await record.CommitAsync(CancellationToken.None);
        }
        return true;
    }));
}
