using System.Text.RegularExpressions;
using CreditUsage.Core.Tables;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Lists;

/// <summary>Which column of a file is which, and how the file writes its days and numbers.</summary>
/// <param name="Places">From 0, by the name of the <see cref="ListColumn"/>; a column without one is empty in every row.</param>
public sealed partial record ListMapping(IReadOnlyDictionary<string, int> Places, DateStyle Dates, bool DecimalComma)
{
    /// <summary>By the heads, whatever their order and case, and by how the values look.</summary>
    public static ListMapping Guess(IReadOnlyList<ListColumn> columns, ListTable table)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(table);
        var heads = table.Heads.Select(HeadGuess.Plain).ToList();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        // A column's own name comes before what others are called as well.
        foreach (var column in columns)
            if (heads.IndexOf(HeadGuess.Plain(column.Name)) is var own and >= 0) places[column.Name] = own;
        foreach (var column in columns.Where(column => !places.ContainsKey(column.Name)))
            foreach (var at in column.AlsoCalled.Append(HeadGuess.Plain(column.Label)).Select(called => heads.IndexOf(called)).Where(at => at >= 0 && !places.ContainsValue(at)).Take(1))
                places[column.Name] = at;
        return new ListMapping(places, HeadGuess.Dates(Values(ListValues.Day)), !table.Format.IsWorkbook && HeadGuess.DecimalComma(Values(ListValues.Number)));

        IEnumerable<string> Values(ListValues kind) => columns.Where(column => column.Values == kind && places.ContainsKey(column.Name))
            .SelectMany(column => table.Rows.Where(row => row.Fault is null).Select(row => row.Fields[places[column.Name]]));
    }

    /// <summary>What must be chosen before the rows can be read.</summary>
    public IEnumerable<ListColumn> Missing(IReadOnlyList<ListColumn> columns) =>
        columns.Where(column => !column.Optional && !Places.ContainsKey(column.Name) && !(column.Or is { } other && Places.ContainsKey(other)));

    /// <summary>The rows of the file with a value for each column: days as ISO, numbers with a decimal point.</summary>
    public IReadOnlyList<ListRow> Read(IReadOnlyList<ListColumn> columns, ListTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var (dates, numbers) = (new FileDates(new ColumnMapping { Dates = Dates }), new FileNumbers(DecimalComma && !table.Format.IsWorkbook));
        return [.. table.Rows.Select(row => row.Fault is { } fault ? new ListRow(row.Line, new Dictionary<string, string>(StringComparer.Ordinal), [new ListFault(row.Line, null, fault)]) : Read(row))];

        ListRow Read(TableRow row)
        {
            var (values, faults) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<ListFault>());
            foreach (var column in columns.Where(column => Places.ContainsKey(column.Name)))
            {
                var (raw, wrong) = (row.Fields[Places[column.Name]], new List<UsageFault>());
                if (raw.Length > TableRows.MaxFieldBytes) (raw, wrong) = ("", [new UsageFault(column.Name, TableRows.TooLong)]);
                values[column.Name] = string.IsNullOrWhiteSpace(raw) ? "" : column.Values switch
                {
                    ListValues.Day => dates.Day(raw, wrong),
                    ListValues.Number when !DecimalComma && ThreeDecimals().IsMatch(raw) => Ambiguous(column.Name, raw, wrong),
                    ListValues.Number => numbers.Read(column.Name, raw, wrong),
                    _ => raw,
                };
                faults.AddRange(wrong.Select(one => new ListFault(row.Line, column.Label, one.Message)));
            }
            return new ListRow(row.Line, values, faults);
        }
    }

    /// <summary>No amount has three decimals, and a thousand may be written so.</summary>
    private static string Ambiguous(string field, string raw, List<UsageFault> faults)
    {
        faults.Add(new UsageFault(field, $"{raw.Trim()} can be a number with decimals or a thousand; write it without the point, or choose in Your columns that the decimal sign is a comma."));
        return raw;
    }

    [GeneratedRegex(@"^[\s£]*[0-9]{1,3}\.[0-9]{3}\s*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ThreeDecimals();
}

/// <param name="Faults">What kept its values from being read; where there are any, the row is not looked at further.</param>
public sealed record ListRow(int Line, IReadOnlyDictionary<string, string> Values, IReadOnlyList<ListFault> Faults)
{
    /// <summary>Empty where the file has no such column.</summary>
    public string this[string column] => Values.GetValueOrDefault(column, "");
}

/// <param name="Column">Its label; null for the line as a whole.</param>
public sealed record ListFault(int Line, string? Column, string Message);
