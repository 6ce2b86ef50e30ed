using System.Globalization;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Report;

/// <summary>Reads which rows a report is filtered to.</summary>
internal static class RowFilterInput
{
    private const int MaxCharacters = 200;

    public static RowFilter Read(ReportInput input, ReportFilter filter, List<Problem> faults)
    {
        var rows = new RowFilter(
            input.Values("staff"), input.Values("client"), input.Values("program"), input.Values("device"), Day(input.Value("from"), faults), Day(input.Value("to"), faults), input.Value("q")?.Trim() is { Length: > 0 } text ? text : null);
        if (rows.From > rows.To) faults.Add(new(null, "The end date is before the start date. Choose the same day or a later one."));
        foreach (var kind in NameKindLabels.All.Where(kind => rows.Of(kind).Count > FilterValues.Max))
            faults.Add(new(null, $"Choose at most {FilterValues.Max} {kind.Plural()}. Remove some."));
        if (rows.Parameters.Any(parameter => parameter.Value.Length > MaxCharacters))
            faults.Add(new(null, $"A filter is longer than {MaxCharacters} characters. Choose from the list or enter less text."));
        if (rows.Parameters.Any(parameter => !RecordedName.IsPrintable(parameter.Value)))
            faults.Add(new(null, "A filter has a character that cannot be printed. Enter letters and figures, or choose from the list."));
        // The text is printed, and may be the name that the copy must hide.
        if (filter.ForAccountant && rows.Text is not null) faults.Add(new(null, "You cannot search an accountant's copy. Clear the text or untick Accountant's copy."));
        if (filter.ProgramsHidden && rows.Program.Count > 0) faults.Add(new(null, "Programs are hidden. Choose all programs."));
        return rows;
    }

    private static DateOnly? Day(string? text, List<Problem> faults)
    {
        if (text is null) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        faults.Add(new(null, "Enter a day such as 05/10/2026."));
        return null;
    }
}
