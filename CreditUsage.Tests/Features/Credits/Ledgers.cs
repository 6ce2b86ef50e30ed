using CreditUsage.Core.Ledger;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Credits;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Credits;

/// <summary>Ledgers for tests: entries as the forms record them, corrections as rows, statements as the pages read them.</summary>
internal static class Ledgers
{
    public static LedgerDraft Purchase(string day, int packs, int size, long paidPence, long vatPence, string invoice) =>
        new(LedgerEntryKind.Purchase, DateOnly.Parse(day), packs * size, null) { Purchase = new LedgerPurchase(size, paidPence, vatPence, invoice) };

    public static LedgerDraft Grant(string day, int credits) => new(LedgerEntryKind.Grant, DateOnly.Parse(day), credits, null);

    public static LedgerDraft Adjustment(string day, int credits) => new(LedgerEntryKind.Adjustment, DateOnly.Parse(day), credits, "Counted again");

    public static Task<LedgerEntry> RecordAsync(this Site site, int clinic, LedgerDraft draft) => site.InAsync(clinic, async services =>
    {
        var last = await services.GetRequiredService<LedgerList>().LastIdAsync(CancellationToken.None);
        var (entry, fault) = await services.GetRequiredService<RecordLedgerEntry>().RunAsync(draft, last, CancellationToken.None);
        Assert.Null(fault);
        return entry!;
    });

    public static Task<LedgerEntry?> TakeBackAsync(this Site site, int clinic, long id) =>
        site.InAsync(clinic, services => services.GetRequiredService<ReverseEntry>().RunAsync(id, "Entered twice", CancellationToken.None));

    /// <summary>The figures, of months that are closed as rows alone too.</summary>
    public static Task<CreditStatement> StatementAsync(this Site site, int clinic, UsageMonth month, StatementBasis basis) =>
        site.InAsync(clinic, services => services.GetRequiredService<CreditLedger>().StatementOnScreenAsync(new StatementFilter(month, basis), CancellationToken.None));

    public static Task<long> AvailableAsync(this Site site, int clinic, DateTimeOffset at) =>
        site.InAsync(clinic, services => services.GetRequiredService<CreditBalance>().AvailableAsync(at, CancellationToken.None));

    public static Task<List<LedgerEntry>> EntriesAsync(this Site site, int clinic) =>
        site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().LedgerEntries.AsNoTracking().OrderBy(entry => entry.Id).ToListAsync());

    /// <summary>A correction of an event, as a row.</summary>
    public static Task<int> CorrectAsync(this Site site, int clinic, string eventId, int credits, UsageMonth reportMonth, DateTimeOffset postedAt) => site.InAsync(clinic, async services =>
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        var original = await db.UsageEvents.AsNoTracking().SingleAsync(usage => usage.EventId == eventId);
        db.Add(new UsageEvent
        {
            SubscriptionId = clinic,
            EventId = eventId + "-correction",
            Kind = original.Kind,
            ServiceDate = original.ServiceDate,
            OccurredAt = original.OccurredAt,
            ReportMonth = reportMonth,
            PostedAt = postedAt,
            IntakeId = original.IntakeId,
            StaffMemberId = original.StaffMemberId,
            ProgramId = original.ProgramId,
            Credits = credits,
            Correction = CorrectionKind.Reversal,
            CorrectsId = original.Id,
            Reason = "Ran twice",
        });
        return await db.SaveChangesAsync();
    });

    public static Task<int> CloseAsync(this Site site, int clinic, UsageMonth month) => site.InAsync(clinic, async services =>
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        var closing = await services.GetRequiredService<CreditBalance>().BeforeAsync(await db.ClosedMonthsAsync(CancellationToken.None), month.Next, CancellationToken.None);
        return await Support.ClosingRows.AddAsync(db, clinic, month, closing, site.Clock.GetUtcNow());
    });
}
