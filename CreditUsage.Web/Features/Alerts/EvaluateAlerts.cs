using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Savings;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Alerts;

/// <summary>
/// Looks at every line of the current subscription. A rule fires when its line is crossed and again only after the figure came back; a
/// budget fires once for a month. It may run as often as it likes and twice at once: a firing and what keeps it from another one are
/// entered together, under the write lock.
/// </summary>
public sealed class WatchLines(CreditUsageDb db, ReadFigures figures, TimeProvider clock)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var rules = await db.AlertRules.AsNoTracking().Where(rule => rule.RemovedAt == null).OrderBy(rule => rule.Id).ToListAsync(cancellation);
        if (rules.Count == 0) return;
        var readings = await figures.RunAsync(rules, cancellation);
        var earliest = UsageMonth.Of(clock.GetUtcNow()).Previous;
        var fired = (await db.AlertFirings.Where(firing => firing.Month >= earliest).Select(firing => new { firing.AlertRuleId, firing.Month }).ToListAsync(cancellation))
            .Select(firing => (firing.AlertRuleId, firing.Month)).ToHashSet();
        foreach (var reading in readings)
            if (Fires(reading, reading.Rule, fired.Contains((reading.Rule.Id, reading.Month))) || Moves(reading, reading.Rule)) await EnterAsync(reading, cancellation);
    }

    private static bool Fires(LineReading reading, AlertRule rule, bool firedForMonth) => reading.Crossed && (reading.Month is null ? !rule.Crossed : !firedForMonth);

    private static bool Moves(LineReading reading, AlertRule rule) => reading.IsPresent && reading.Crossed != rule.Crossed;

    private async Task EnterAsync(LineReading reading, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // Read again, now that nobody else can write.
        if (await db.AlertRules.SingleOrDefaultAsync(rule => rule.Id == reading.Rule.Id && rule.RemovedAt == null, cancellation) is not { } rule) return;
        var firedForMonth = reading.Month is not null && await db.AlertFirings.AnyAsync(firing => firing.AlertRuleId == rule.Id && firing.Month == reading.Month, cancellation);
        if (Fires(reading, rule, firedForMonth)) db.Add(Firing(reading));
        if (reading.IsPresent) rule.Crossed = reading.Crossed;
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        db.ChangeTracker.Clear();
    }

    private AlertFiring Firing(LineReading reading) => new()
    {
        SubscriptionId = db.RequireSubscriptionId(),
        AlertRuleId = reading.Rule.Id,
        FiredAt = clock.GetUtcNow(),
        Figure = reading.Figure,
        Month = reading.Month,
        Said = reading.Said,
    };
}
