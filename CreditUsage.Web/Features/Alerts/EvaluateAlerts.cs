using System.Text.Json;
using CreditUsage.Core.Ledger;
using CreditUsage.Core.Report;
using CreditUsage.Core.Webhooks;
using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Alerts;

/// <summary>
/// A rule fires when its line is crossed and again only after the figure came back; a budget fires once for a month. Concurrent runs
/// are safe: a firing and the mark that prevents another one are written together, under the write lock.
/// </summary>
public sealed class EvaluateAlerts(CreditUsageDb db, AlertFigures figures, TimeProvider clock)
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
            if (Fires(reading, reading.Rule, fired.Contains((reading.Rule.Id, reading.Month))) || Crosses(reading, reading.Rule)) await EnterAsync(reading, cancellation);
    }

    private static bool Fires(RuleEvaluation reading, AlertRule rule, bool firedForMonth) => reading.Crossed && (reading.Month is null ? !rule.Crossed : !firedForMonth);

    private static bool Crosses(RuleEvaluation reading, AlertRule rule) => reading.IsPresent && reading.Crossed != rule.Crossed;

    private async Task EnterAsync(RuleEvaluation reading, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        // Read again, because nobody else can write now.
        if (await db.AlertRules.SingleOrDefaultAsync(rule => rule.Id == reading.Rule.Id && rule.RemovedAt == null, cancellation) is not { } rule) return;
        var firedForMonth = reading.Month is not null && await db.AlertFirings.AnyAsync(firing => firing.AlertRuleId == rule.Id && firing.Month == reading.Month, cancellation);
        if (Fires(reading, rule, firedForMonth))
        {
            db.Add(Firing(reading, rule));
            await PublishAsync(reading, rule, cancellation);
        }
        if (reading.IsPresent) rule.Crossed = reading.Crossed;
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        db.ChangeTracker.Clear();
    }

    /// <summary>A balance below its line has an event of its own beside the alert's.</summary>
    private async Task PublishAsync(RuleEvaluation reading, AlertRule rule, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await PublishWebhook.AddAsync(db, WebhookEvents.AlertFired, now, Write, cancellation);
        if (rule.Kind is AlertKind.BalanceBelow or AlertKind.RunsOutWithin) await PublishWebhook.AddAsync(db, WebhookEvents.BalanceLow, now, Write, cancellation);

        void Write(Utf8JsonWriter json)
        {
            json.WriteNumber("alert_id", rule.Id);
            json.WriteString("kind", rule.Kind.ToString());
            json.WriteNumber("line", rule.Line);
            json.WriteNumber("figure", reading.Figure);
            if (reading.Month is { } month) json.WriteString("month", month.ToString());
        }
    }

    private AlertFiring Firing(RuleEvaluation reading, AlertRule rule)
    {
        var firing = new AlertFiring
        {
            SubscriptionId = db.RequireSubscriptionId(),
            AlertRuleId = rule.Id,
            FiredAt = clock.GetUtcNow(),
            Figure = reading.Figure,
            Month = reading.Month,
            Message = reading.Message,
        };
        foreach (var email in AlertInput.Split(rule.Emails)) firing.Notices.Add(new AlertNotice { SubscriptionId = firing.SubscriptionId, Email = email, State = AlertNoticeState.Waiting });
        return firing;
    }
}

/// <param name="Figure">In the line's unit; 0 where there is none.</param>
/// <param name="Month">The month whose spend it is; null for a balance or a forecast.</param>
/// <param name="IsPresent">Whether this is the rule's current state; false for the spend of a past month.</param>
public sealed record RuleEvaluation(AlertRule Rule, bool Crossed, long Figure, UsageMonth? Month, bool IsPresent, string Message);

/// <summary>Reads the figures of all rules in one snapshot.</summary>
public sealed class AlertFigures(CreditUsageDb db, CreditStatusQuery standing, UsageSums sums, TimeProvider clock)
{
    public async Task<IReadOnlyList<RuleEvaluation>> RunAsync(IReadOnlyList<AlertRule> rules, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rules);
        await db.BeginSnapshotAsync(cancellation);
        try
        {
            var readings = new List<RuleEvaluation>();
            if (rules.Any(rule => !AlertLabels.IsSpend(rule.Kind))) readings.AddRange(OfCredits(rules, await standing.RunAsync(clock.GetUtcNow(), cancellation)));
            foreach (var rule in rules.Where(rule => AlertLabels.IsSpend(rule.Kind))) readings.AddRange(await OfSpendAsync(rule, cancellation));
            return readings;
        }
        finally
        {
            await db.EndSnapshotAsync();
        }
    }

    private static IEnumerable<RuleEvaluation> OfCredits(IReadOnlyList<AlertRule> rules, CreditStatus credits)
    {
        foreach (var rule in rules.Where(rule => rule.Kind == AlertKind.BalanceBelow))
            yield return new(rule, credits.Available < rule.Line, credits.Available, null, IsPresent: true, AlertLabels.BalanceMessage(rule, credits.Available));
        foreach (var rule in rules.Where(rule => rule.Kind == AlertKind.RunsOutWithin))
            yield return new(rule, credits.Forecast.DaysLeft <= rule.Line, credits.Forecast.DaysLeft ?? 0, null, IsPresent: true, AlertLabels.ForecastMessage(rule, credits.Forecast));
    }

    /// <summary>Includes the previous month where the rule existed then: usage may come in after a month's end.</summary>
    private async Task<List<RuleEvaluation>> OfSpendAsync(AlertRule rule, CancellationToken cancellation)
    {
        var present = UsageMonth.Of(clock.GetUtcNow());
        var readings = new List<RuleEvaluation>();
        var staff = rule.Kind == AlertKind.StaffMonthAbove ? await NameAsync(rule, cancellation) : null;
        foreach (var month in new[] { present.Previous, present }.Where(month => month >= UsageMonth.Of(rule.SetAt)))
        {
            var pence = await sums.SpentAsync(
                month, rule.Kind == AlertKind.StaffMonthAbove ? rule.Of : null, rule.Kind == AlertKind.ProgramMonthAbove ? rule.Of : null, cancellation);
            readings.Add(new(rule, pence > rule.Line, pence, month, month == present, AlertLabels.SpendMessage(rule, staff, month, pence, month == present)));
        }
        return readings;
    }

    private async Task<string?> NameAsync(AlertRule rule, CancellationToken cancellation) =>
        await db.StaffMembers.Where(staff => staff.StaffId == rule.Of).OrderByDescending(staff => staff.Id).Select(staff => staff.Name).FirstOrDefaultAsync(cancellation);
}
