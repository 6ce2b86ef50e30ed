using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Journals;

public sealed class SetAccounts(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
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

public sealed record AccountsInput(string? SessionsAccount, string? TopUpsAccount, string? PrepaidAccount, string? TaxCode)
{
    private const int MaxCharacters = 100;

    public static AccountsInput Of(AccountMapping? mapping) => new(mapping?.SessionsAccount, mapping?.TopUpsAccount, mapping?.PrepaidAccount, mapping?.TaxCode);

    public AccountsInput? Validate(out IReadOnlyList<Problem> faults)
    {
        var found = new List<Problem>();
        faults = found;
        var valid = new AccountsInput(
            Text(SessionsAccount, nameof(SessionsAccount), "account of connected sessions", required: true, found), Text(TopUpsAccount, nameof(TopUpsAccount), "account of daily top-ups", required: true, found),
            Text(PrepaidAccount, nameof(PrepaidAccount), "account of unused credits", required: true, found), Text(TaxCode, nameof(TaxCode), "tax code", required: false, found));
        return found.Count > 0 ? null : valid;
    }

    private static string Text(string? typed, string field, string what, bool required, List<Problem> faults)
    {
        if (!RecordedName.TryNormalise(typed ?? "", out var text, out var fault)) faults.Add(new(field, $"The {what} {fault}."));
        else if (text.Length == 0 && required) faults.Add(new(field, $"Enter the {what}."));
        else if (text.Length > MaxCharacters) faults.Add(new(field, $"The {what} has {text.Length} characters; shorten it to {MaxCharacters}."));
        return text;
    }
}
