using System.Globalization;
using CreditUsage.Core;

namespace CreditUsage.Features.Shared;

/// <param name="Path">Without a query string.</param>
public sealed record ListPage(string Path, int Number, bool HasOlder)
{
    private const int Last = 1_000_000;

    public string Address => AddressOf(Number);

    public string AddressOf(int number) => number == 1 ? Path : string.Create(CultureInfo.InvariantCulture, $"{Path}?page={number}");

    /// <summary>The page that was asked for; the first where the number is invalid.</summary>
    public static int Asked(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return WholeNumber.Read(query["page"], Last) ?? 1;
    }
}
