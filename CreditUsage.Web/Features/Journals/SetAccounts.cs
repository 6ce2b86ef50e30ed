using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Journals;

/// <summary>Says which accounts months are booked to.</summary>
public sealed class SetAccounts(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>What is wrong with the form; nothing where it is set now.</summary>
    public async Task<IReadOnlyList<Problem>> RunAsync(AccountsInput input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Validate(out var faults) is not { SessionsAccount: { } sessions, TopUpsAccount: { } topUps, PrepaidAccount: { } prepaid, TaxCode: { } tax }) return faults;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var (by, at) = (current.Actor, clock.GetUtcNow());
        if (await db.AccountMappings.SingleOrDefaultAsync(cancellation) is { } mapping)
            (mapping.SessionsAccount, mapping.TopUpsAccount, mapping.PrepaidAccount, mapping.TaxCode, mapping.SetBy, mapping.SetAt) = (sessions, topUps, prepaid, tax, by, at);
        else
            db.Add(new AccountMapping { SubscriptionId = db.RequireSubscriptionId(), SessionsAccount = sessions, TopUpsAccount = topUps, PrepaidAccount = prepaid, TaxCode = tax, SetBy = by, SetAt = at });
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Accounts", $"Sessions: {sessions}; top-ups: {topUps}; unused credits: {prepaid}; tax code: {(tax.Length == 0 ? "none" : tax)}", cancellation);
        await transaction.CommitAsync(cancellation);
        return [];
    }
}
