using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Mail;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Deliveries;

public sealed class ChangeRecipients(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>A limit, because each person gets a separate mail.</summary>
    public const int MaxPeople = 50;

    /// <returns>What is wrong with the form; null when the person was added.</returns>
    public async Task<Problem?> AddAsync(PersonInput input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.TryRead(out var name, out var email) is { } problem) return problem;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.DeliveryRecipients.AnyAsync(person => person.Email == email, cancellation)) return new("Email", $"{email} is already a recipient. Enter another address.");
        if (await db.DeliveryRecipients.CountAsync(cancellation) >= MaxPeople) return new("Email", $"You have {MaxPeople} recipients, the most there can be. Remove one first.");
        await AddAsync([new Recipient(name, email)], cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    /// <summary>Adds people none of whom is a recipient yet, within the caller's write.</summary>
    public async Task AddAsync(IReadOnlyList<Recipient> people, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(people);
        db.AddRange(people.Select(person => new DeliveryRecipient { SubscriptionId = db.RequireSubscriptionId(), Name = person.Name, Email = person.Email, AddedBy = current.Actor, AddedAt = clock.GetUtcNow() }));
        await db.SaveChangesAsync(cancellation);
        foreach (var person in people) await audit.AddAsync(AuditAction.Setting, "Deliveries", $"{person.Email} added", cancellation);
    }

    public async Task<bool> RemoveAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.DeliveryRecipients.SingleOrDefaultAsync(person => person.Id == id, cancellation) is not { } person) return false;
        db.Remove(person);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Deliveries", $"{person.Email} removed", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}

/// <param name="Email">In small letters.</param>
public sealed record Recipient(string Name, string Email);

public sealed record PersonInput(string? Name, string? Email)
{
    /// <summary>Security: neither value can carry a mail header or a second address.</summary>
    public Problem? TryRead(out string name, out string email)
    {
        email = (Email ?? "").Trim(' ').ToLowerInvariant();
        // TryNormalise turns line breaks into spaces, so this refuses a header injection.
        if (!RecordedName.TryNormalise(Name ?? "", out name, out var fault)) return new("Name", $"The name {fault}.");
        if ((Name ?? "").Any(char.IsControl)) return new("Name", "Enter the name on one line.");
        if (name.Length == 0) return new("Name", "Enter a name.");
        return EmailAddress.Is(email) ? null : new("Email", "Enter one e-mail address such as name@clinic.example.");
    }
}
