using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Journals;

public sealed class SetAccounts(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <param name="version">Of the stored accounts that the form showed.</param>
    /// <exception cref="SavedMeanwhileException">Somebody else has saved other accounts since; nothing has changed.</exception>
    public async Task<IReadOnlyList<Problem>> RunAsync(AccountsInput input, string? version, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Validate(out var faults) is not { } valid) return faults;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var mapping = await db.AccountMappings.SingleOrDefaultAsync(cancellation);
        FormVersion.Require(version, AccountsInput.Of(mapping));
        if (mapping is null) db.Add(mapping = valid.Mapping(db.RequireSubscriptionId(), current.Actor, clock.GetUtcNow()));
        else valid.CopyTo(mapping, current.Actor, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Accounts", Detail(mapping), cancellation);
        await transaction.CommitAsync(cancellation);
        return [];
    }

    private static string Detail(AccountMapping accounts) =>
        $"Sessions: {accounts.SessionsAccount}; top-ups: {accounts.TopUpsAccount}; unused credits: {accounts.PrepaidAccount}; tax code: {OrNone(accounts.TaxCode)}; "
        + $"credited with: {AccountsInput.Label(accounts.Basis)}; differences: {OrNone(accounts.DifferencesAccount)}";

    private static string OrNone(string text) => text.Length == 0 ? "none" : text;
}
