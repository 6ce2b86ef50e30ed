using CreditUsage.Core;
using CreditUsage.Core.Lists;

namespace CreditUsage.Features.Shared;

/// <summary>What a page by which a list comes in shows.</summary>
/// <param name="Upload">Null until a file is chosen.</param>
/// <param name="Check">Null while columns are to be chosen.</param>
public sealed record ListFileView(
    string One, string Many, string Verb, int MaxRows, IReadOnlyList<ListColumn> Columns, IReadOnlyList<string> Heads, IReadOnlyList<string> Amounts,
    ListUpload? Upload, ListMapping? Mapping, ListCheck? Check, IReadOnlyList<Problem> Problems)
{
    /// <summary>Rows, and faults, that the page shows; all are counted.</summary>
    public const int MaxShown = 1000;

    public static ListFileView Empty<T>(ListKind<T> kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return new(kind.One, kind.Many, kind.Verb, kind.MaxRows, kind.Columns, kind.Heads, kind.Amounts, null, null, null, []);
    }

    /// <param name="problem">Why nothing was stored, beside what is wrong with the rows.</param>
    public static ListFileView Of<T>(ListKind<T> kind, ListUpload upload, ListMapping mapping, ListCheck? check, string? problem)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        var view = Empty(kind) with { Upload = upload, Mapping = mapping, Check = check };
        if (problem is not null) return view with { Problems = [new Problem(null, problem)] };
        return check is null ? view with { Problems = [.. mapping.Missing(view.Columns).Select(column => new Problem(Anchor(column), $"Choose the column of {column.Label}."))] }
            : check.Faults.Count > 0 ? view with { Problems = [new Problem("faults", $"{Display.Count(check.Faults.Count, "error is", "errors are")} in the file, so nothing of it can be stored. Correct the file and choose it again, or correct your columns.")] } : view;
    }

    public static string Anchor(ListColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return ListForm.ColumnField + column.Name;
    }

    public bool HasDays => Columns.Any(column => column.Values == ListValues.Day);

    public bool HasNumbers => Columns.Any(column => column.Values == ListValues.Number);

    /// <summary>Whether the columns need no more choice.</summary>
    public bool ColumnsAreClear => Check is { Faults.Count: 0 };

    public string Counted(int number) => Display.Count(number, One, Many);
}
