using CreditUsage.Core;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Shared;

namespace CreditUsage.Features.Journals;

/// <param name="Basis">The name of a <see cref="PrepaidBasis"/>.</param>
public sealed record AccountsInput(string? SessionsAccount, string? TopUpsAccount, string? PrepaidAccount, string? DifferencesAccount, string? Basis, string? TaxCode)
{
    private const int MaxCharacters = 100;

    private static readonly (string Field, string Name, Func<AccountsInput, string?> Read)[] Roles =
    [
        (nameof(SessionsAccount), "connected sessions account", input => input.SessionsAccount), (nameof(TopUpsAccount), "daily top-ups account", input => input.TopUpsAccount),
        (nameof(PrepaidAccount), "unused credits account", input => input.PrepaidAccount), (nameof(DifferencesAccount), "differences account", input => input.DifferencesAccount),
    ];

    public static AccountsInput Of(AccountMapping? mapping) => new(
        mapping?.SessionsAccount, mapping?.TopUpsAccount, mapping?.PrepaidAccount, mapping?.DifferencesAccount, (mapping?.Basis ?? PrepaidBasis.ReportPrice).ToString(), mapping?.TaxCode);

    public static string Label(PrepaidBasis basis) => basis switch
    {
        PrepaidBasis.ReportPrice => "the report's cost",
        PrepaidBasis.CostWithVat => "what the credits cost, first in, first out, including VAT",
        _ => "what the credits cost, first in, first out, excluding VAT",
    };

    public AccountsInput? Validate(out IReadOnlyList<Problem> faults)
    {
        var found = new List<Problem>();
        faults = found;
        var known = Enum.GetNames<PrepaidBasis>().Contains(Basis);
        if (!known) found.Add(new($"Basis-{PrepaidBasis.ReportPrice}", "Choose what to credit the unused credits account with."));
        var byCost = known && Basis != nameof(PrepaidBasis.ReportPrice);
        var accounts = Roles.Select(role => Text(role.Read(this), role.Field, role.Name, required: byCost || role.Field != nameof(DifferencesAccount), found)).ToList();
        var valid = new AccountsInput(accounts[0], accounts[1], accounts[2], accounts[3], Basis, Text(TaxCode, nameof(TaxCode), "tax code", required: false, found));
        RefuseTwice(accounts, found);
        return found.Count > 0 ? null : valid;
    }

    /// <summary>Of valid input.</summary>
    public AccountMapping Mapping(int subscription, string by, DateTimeOffset at) => new()
    {
        SubscriptionId = subscription,
        SessionsAccount = SessionsAccount!,
        TopUpsAccount = TopUpsAccount!,
        PrepaidAccount = PrepaidAccount!,
        DifferencesAccount = DifferencesAccount!,
        Basis = Enum.Parse<PrepaidBasis>(Basis!),
        TaxCode = TaxCode!,
        SetBy = by,
        SetAt = at,
    };

    /// <summary>Of valid input.</summary>
    public void CopyTo(AccountMapping mapping, string by, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        (mapping.SessionsAccount, mapping.TopUpsAccount, mapping.PrepaidAccount, mapping.DifferencesAccount) = (SessionsAccount!, TopUpsAccount!, PrepaidAccount!, DifferencesAccount!);
        (mapping.Basis, mapping.TaxCode, mapping.SetBy, mapping.SetAt) = (Enum.Parse<PrepaidBasis>(Basis!), TaxCode!, by, at);
    }

    public IReadOnlyList<ComparedValue> ComparedWith(AccountsInput typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        return
        [
            .. Roles.Select(role => new ComparedValue(char.ToUpperInvariant(role.Name[0]) + role.Name[1..], role.Read(this), role.Read(typed))),
            new("Credited with", LabelOf(Basis), LabelOf(typed.Basis)), new("Tax code", TaxCode, typed.TaxCode),
        ];
        static string LabelOf(string? basis) => Enum.TryParse<PrepaidBasis>(basis, out var known) ? Label(known) : "";
    }

    /// <summary>With one account in two roles, debits and credits would cancel out unseen.</summary>
    private static void RefuseTwice(List<string> accounts, List<Problem> faults)
    {
        for (var i = 1; i < Roles.Length; i++)
            if (accounts[i].Length > 0 && accounts.FindIndex(account => account.Equals(accounts[i], StringComparison.OrdinalIgnoreCase)) is var first && first < i)
                faults.Add(new(Roles[i].Field, $"{accounts[i]} is already the {Roles[first].Name}. Enter another {Roles[i].Name}."));
    }

    private static string Text(string? typed, string field, string what, bool required, List<Problem> faults)
    {
        if (!RecordedName.TryNormalise(typed ?? "", out var text, out var fault)) faults.Add(new(field, $"The {what} {fault}."));
        else if (text.Length == 0 && required) faults.Add(new(field, $"Enter the {what}."));
        else if (text.Length > MaxCharacters) faults.Add(new(field, $"The {what} has {text.Length} characters; shorten it to {MaxCharacters}."));
        return text;
    }
}
