using CreditUsage.Core;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Journals;

/// <summary>The form for the accounts as it was filled in, with names as they are in the accounting system.</summary>
public sealed record AccountsInput(string? SessionsAccount, string? TopUpsAccount, string? PrepaidAccount, string? TaxCode)
{
    private const int MostCharacters = 100;

    public static AccountsInput Of(AccountMapping? mapping) => new(mapping?.SessionsAccount, mapping?.TopUpsAccount, mapping?.PrepaidAccount, mapping?.TaxCode);

    /// <summary>The fields as they are kept, or what is wrong.</summary>
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
        else if (text.Length > MostCharacters) faults.Add(new(field, $"The {what} has {text.Length} characters; shorten it to {MostCharacters}."));
        return text;
    }
}
