using System.Globalization;
using CreditUsage.Domain.Credits;
using CreditUsage.Features.Credits;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Credits;

/// <summary>The tests' own ledger: plain movements, read from the input file by the tests' own parser and added up in plain integers.</summary>
internal sealed record Movement(StatementLine Line, DateOnly ServiceDay, DateOnly PostingDay, long Credits)
{
    public DateOnly Day(StatementBasis basis) => basis == StatementBasis.Service ? ServiceDay : PostingDay;

    /// <summary>Every event of a file of usage.</summary>
    public static IReadOnlyList<Movement> OfFile(string path) => [.. SharedData.Rows(path).Select(OfRow)];

    public static Movement Of(LedgerDraft draft) => new(
        draft.Kind switch { LedgerEntryKind.Purchase => StatementLine.Purchases, LedgerEntryKind.Grant => StatementLine.Grants, _ => StatementLine.Adjustments }, draft.Day, draft.Day, draft.Credits);

    /// <summary>By rules 2 and 3 of the domain.</summary>
    private static Movement OfRow(string[] row)
    {
        var stated = row[11].Length == 0 ? (int?)null : int.Parse(row[11], CultureInfo.InvariantCulture);
        if (row[1] == "daily-top-up")
        {
            var day = DateOnly.ParseExact(row[2], "yyyy-MM-dd", CultureInfo.InvariantCulture);
            return new(StatementLine.TopUps, day, day.AddDays(1), -(stated ?? 1));
        }
        var started = DateOnly.FromDateTime(DateTimeOffset.Parse(row[2], CultureInfo.InvariantCulture).UtcDateTime);
        var minutes = int.Parse(row[10], CultureInfo.InvariantCulture);
        return new(StatementLine.Sessions, started, started, -(stated ?? Math.Max(1, (minutes + 4) / 5)));
    }
}
