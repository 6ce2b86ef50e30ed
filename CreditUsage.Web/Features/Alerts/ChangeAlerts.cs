using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Mail;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Alerts;

public sealed class ChangeAlerts(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>A limit, because every rule is evaluated every few minutes.</summary>
    private const int MaxRules = 50;

    /// <returns>What is wrong with the form; null when the rule was added.</returns>
    public async Task<Problem?> AddAsync(AlertKind kind, AlertInput input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.TryRead(kind, out var line, out var emails) is { } problem) return problem;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await OfProblemAsync(kind, input.Of, cancellation) is { } missing) return missing;
        var of = kind is AlertKind.StaffMonthAbove or AlertKind.ProgramMonthAbove ? input.Of : null;
        var watched = await db.AlertRules.AsNoTracking().Where(rule => rule.RemovedAt == null).ToListAsync(cancellation);
        if (watched.Count >= MaxRules) return new("Line", $"You have {MaxRules} alerts, the most there can be. Remove one first.");
        if (watched.Any(rule => rule.Kind == kind && rule.Line == line && rule.Of == of)) return new("Line", "You already have this alert. Enter a different threshold.");
        var rule = new AlertRule { SubscriptionId = db.RequireSubscriptionId(), Kind = kind, Line = line, Of = of, Emails = emails, SetBy = current.Actor, SetAt = clock.GetUtcNow() };
        db.Add(rule);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Alerts", $"{await AuditedAsync(rule, cancellation)}: added{(emails.Length == 0 ? "" : $", e-mail to {emails}")}", cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    public async Task<bool> RemoveAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.AlertRules.SingleOrDefaultAsync(rule => rule.Id == id && rule.RemovedAt == null, cancellation) is not { } rule) return false;
        (rule.RemovedAt, rule.RemovedBy) = (clock.GetUtcNow(), current.Actor);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Alerts", $"{await AuditedAsync(rule, cancellation)}: removed", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Null where there is no such rule, or where it is still watched.</summary>
    public Task<AlertRule?> FindRemovedAsync(int id, CancellationToken cancellation) =>
        db.AlertRules.AsNoTracking().SingleOrDefaultAsync(rule => rule.Id == id && rule.RemovedAt != null, cancellation);

    /// <summary>Keeps the first person who marked the firing as seen.</summary>
    public async Task<bool> SeenAsync(int id, CancellationToken cancellation)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        var by = current.Actor;
        await db.AlertFirings.Where(firing => firing.Id == id && firing.SeenAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(firing => firing.SeenAt, now).SetProperty(firing => firing.SeenBy, by), cancellation);
        return await db.AlertFirings.AnyAsync(firing => firing.Id == id, cancellation);
    }

    /// <summary>"Alert 5, a month of program 2 above £300.00": a program's name is an illness, and the audit keeps it for good.</summary>
    private async Task<string> AuditedAsync(AlertRule rule, CancellationToken cancellation)
    {
        var program = rule.Kind == AlertKind.ProgramMonthAbove ? await db.Programs.Where(known => known.Name == rule.Of).Select(known => (int?)known.Id).SingleOrDefaultAsync(cancellation) : null;
        return string.Create(CultureInfo.InvariantCulture, $"Alert {rule.Id}, {AlertLabels.Subject(rule, rule.Kind == AlertKind.ProgramMonthAbove ? $"program {program}" : rule.Of)}");
    }

    private async Task<Problem?> OfProblemAsync(AlertKind kind, string? of, CancellationToken cancellation) => kind switch
    {
        AlertKind.StaffMonthAbove when !await db.StaffMembers.AnyAsync(staff => staff.StaffId == of, cancellation) => new("Of", "Choose a staff member from the list."),
        AlertKind.ProgramMonthAbove when !await db.Programs.AnyAsync(program => program.Name == of, cancellation) => new("Of", "Choose a program from the list."),
        _ => null,
    };
}

/// <param name="Line">In credits, days or pounds.</param>
/// <param name="Of">A staff id or a program's name.</param>
/// <param name="Emails">Comma-separated; may be empty.</param>
public sealed record AlertInput(string? Kind, string? Line, string? Of, string? Emails)
{
    public const int MaxEmails = 5;
    private const int MaxEmailCharacters = 100;
    private const int MaxCredits = 100_000_000;
    private const int MaxDays = 365;
    private const decimal MaxPounds = 10_000_000;

    public AlertKind? KnownKind => Enum.GetNames<AlertKind>().Contains(Kind) ? Enum.Parse<AlertKind>(Kind!) : null;

    public static IReadOnlyList<string> Split(string? emails) => (emails ?? "").Split([',', ';', ' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Reads the line in the kind's unit and the normalised addresses; returns what is wrong with either.</summary>
    public Problem? TryRead(AlertKind kind, out long line, out string emails)
    {
        var addresses = Split(Emails?.ToLowerInvariant()).Distinct().ToList();
        emails = string.Join(',', addresses);
        if (ReadLine(kind, out line) is { } problem) return problem;
        if (addresses.Count > MaxEmails) return new("Emails", $"Enter at most {MaxEmails} e-mail addresses.");
        return addresses.All(address => address.Length <= MaxEmailCharacters && EmailAddress.Is(address)) ? null
            : new("Emails", $"Enter e-mail addresses of at most {MaxEmailCharacters} characters such as name@clinic.example, separated by commas.");
    }

    private Problem? ReadLine(AlertKind kind, out long line)
    {
        var text = (Line ?? "").Trim();
        if (kind == AlertKind.BalanceBelow) return ReadCount(text, MaxCredits, out line) ? null : new("Line", $"Enter a whole number of credits from 1 to {Display.Number(MaxCredits)}.");
        if (kind == AlertKind.RunsOutWithin) return ReadCount(text, MaxDays, out line) ? null : new("Line", $"Enter a whole number of days from 1 to {MaxDays}.");
        line = 0;
        if (!decimal.TryParse(text.TrimStart('£'), NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, Display.British, out var pounds) || pounds is <= 0 or > MaxPounds || pounds.Scale > 2)
            return new("Line", $"Enter the budget in pounds and pence, such as 1,250.00, up to {Display.Number((long)MaxPounds)}.");
        line = (long)(pounds * 100);
        return null;
    }

    private static bool ReadCount(string text, long most, out long count) =>
        long.TryParse(text, NumberStyles.AllowThousands, Display.British, out count) && count >= 1 && count <= most;
}
