using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Journals;

public sealed class JournalsQuery(ReportQuery query, CreditUsageDb db)
{
    /// <summary>Opens a snapshot: what is read after it is of the same instant.</summary>
    public async Task<JournalMonth> RunAsync(ReportFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var report = await query.OpenAsync(filter, cancellation);
        var accounts = await db.AccountMappings.AsNoTracking().SingleOrDefaultAsync(cancellation);
        var journal = accounts is null || report.All.CostPence is null ? null : Journal.Of(report, accounts);
        return new JournalMonth(report, accounts, journal, await UnusedCredits.AtEndOfAsync(db, filter.Month, cancellation));
    }

    /// <summary>The month's purchases and what took one back, in order.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> PurchasesAsync(UsageMonth month, CancellationToken cancellation) =>
        await db.LedgerEntries.AsNoTracking().Where(entry => entry.ReportMonth == month && entry.PaidPence != null).OrderBy(entry => entry.ServiceDate).ThenBy(entry => entry.Id).ToListAsync(cancellation);
}

/// <param name="Accounts">Null until they are set.</param>
/// <param name="Journal">Null where no accounts are set or the money is withheld.</param>
public sealed record JournalMonth(CreditUsageReport Report, AccountMapping? Accounts, Journal? Journal, UnusedCredits Unused)
{
    /// <summary>Why there is no such file, and what to do; null where there is one.</summary>
    public string? Refusal(bool asJournal)
    {
        if (Report.Withheld is { } withheld) return withheld;
        if (!asJournal) return null;
        if (Journal is null) return "No accounts have been named. An Administrator names them on the Accounting page.";
        return Journal.Lines.Count == 0 ? $"{Report.Filter.Month.Name} comes to nothing, so there is nothing to book." : null;
    }
}
