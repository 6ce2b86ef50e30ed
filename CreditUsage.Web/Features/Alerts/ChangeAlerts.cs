using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Auditing;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Alerts;

/// <summary>Adds and removes rules, and keeps who has seen what fired.</summary>
public sealed class ChangeAlerts(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>Each is looked at every few minutes.</summary>
    private const int MostRules = 50;

    /// <summary>What is wrong with the form; null when the rule is watched now.</summary>
    public async Task<Problem?> AddAsync(AlertKind kind, AlertInput input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.TryRead(kind, out var line, out var emails) is { } problem) return problem;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await OfProblemAsync(kind, input.Of, cancellation) is { } missing) return missing;
        var of = kind is AlertKind.StaffMonthAbove or AlertKind.ProgramMonthAbove ? input.Of : null;
        var watched = await db.AlertRules.AsNoTracking().Where(rule => rule.RemovedAt == null).ToListAsync(cancellation);
        if (watched.Count >= MostRules) return new("Line", $"There are {MostRules} alerts already. Remove one first.");
        if (watched.Any(rule => rule.Kind == kind && rule.Line == line && rule.Of == of)) return new("Line", "There is an alert like this already. Enter another line, or remove that one first.");
        var rule = new AlertRule { SubscriptionId = db.RequireSubscriptionId(), Kind = kind, Line = line, Of = of, Emails = emails, SetBy = current.Actor, SetAt = clock.GetUtcNow() };
        db.Add(rule);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Alerts", $"{AlertWords.Title(rule, null)}: added{(emails.Length == 0 ? "" : $", e-mail to {emails}")}", cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    /// <returns>Whether there was such a rule.</returns>
    public async Task<bool> RemoveAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await db.AlertRules.SingleOrDefaultAsync(rule => rule.Id == id && rule.RemovedAt == null, cancellation) is not { } rule) return false;
        (rule.RemovedAt, rule.RemovedBy) = (clock.GetUtcNow(), current.Actor);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Alerts", $"{AlertWords.Title(rule, null)}: removed", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>The first to say so is kept.</summary>
    /// <returns>Whether it has fired.</returns>
    public async Task<bool> SeenAsync(int id, CancellationToken cancellation)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        var by = current.Actor;
        await db.AlertFirings.Where(firing => firing.Id == id && firing.SeenAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(firing => firing.SeenAt, now).SetProperty(firing => firing.SeenBy, by), cancellation);
        return await db.AlertFirings.AnyAsync(firing => firing.Id == id, cancellation);
    }

    private async Task<Problem?> OfProblemAsync(AlertKind kind, string? of, CancellationToken cancellation) => kind switch
    {
        AlertKind.StaffMonthAbove when !await db.StaffMembers.AnyAsync(staff => staff.StaffId == of, cancellation) => new("Of", "Choose a staff member from the list."),
        AlertKind.ProgramMonthAbove when !await db.Programs.AnyAsync(program => program.Name == of, cancellation) => new("Of", "Choose a program from the list."),
        _ => null,
    };
}
