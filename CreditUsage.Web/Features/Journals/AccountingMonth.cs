using CreditUsage.Core.Report;
using CreditUsage.Domain.Credits;

namespace CreditUsage.Features.Journals;

/// <summary>A month as its books have it.</summary>
/// <param name="Accounts">Null until they have been named.</param>
/// <param name="Journal">Null where there are no accounts, or the money is withheld.</param>
public sealed record AccountingMonth(CreditUsageReport Report, AccountMapping? Accounts, Journal? Journal, UnusedCredits Unused)
{
    /// <summary>Why there is no file of a kind, and what to do; null where there is.</summary>
    /// <param name="asJournal">Whether the file is a journal.</param>
    public string? Refusal(bool asJournal)
    {
        if (Report.Withheld is { } withheld) return withheld;
        if (!asJournal) return null;
        if (Journal is null) return "No accounts have been named. An Administrator names them on the Accounting page.";
        return Journal.Lines.Count == 0 ? $"{Report.Filter.Month.Name} comes to nothing, so there is nothing to book." : null;
    }
}
