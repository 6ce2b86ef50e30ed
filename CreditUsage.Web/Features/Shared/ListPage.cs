using System.Globalization;
using CreditUsage.Core;

namespace CreditUsage.Features.Shared;

/// <summary>A page of a list that has the latest first.</summary>
/// <param name="Path">The list's own address, without a query string.</param>
/// <param name="Number">From 1.</param>
/// <param name="HasOlder">Whether another page follows.</param>
public sealed record ListPage(string Path, int Number, bool HasOlder)
{
    private const int Last = 1_000_000;

    /// <summary>The address of this page.</summary>
    public string Address => AddressOf(Number);

    public string AddressOf(int number) => number == 1 ? Path : string.Create(CultureInfo.InvariantCulture, $"{Path}?page={number}");

    /// <summary>The page that was asked for; the first where that is none.</summary>
    public static int Asked(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return WholeNumber.Read(query["page"], Last) ?? 1;
    }
}
