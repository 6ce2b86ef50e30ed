using System.Globalization;

namespace CreditUsage.Core.Report;

/// <summary>What the query string says of the part of the month that is shown, and how: narrowing, order, groups and columns, as it came. An empty value says nothing.</summary>
public sealed record ReportQueryString(
    string? Staff, string? Client, string? Program, string? Device, string? From, string? To, string? Text, string? Sort, string? GroupBy, string? Rows, string? NewPages, string? Pictures, IReadOnlyList<string> Columns)
{
    /// <summary>The value of rows= that leaves the rows of groups out.</summary>
    public const string Subtotals = "subtotals";

    private const int MaxCharacters = 200;

    public static ReportQueryString Of(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(One("staff"), One("client"), One("program"), One("device"), One("from"), One("to"), One("q")?.Trim(), Listed("sort"), One("groupBy"), One("rows"), One("newPages"), One("pictures"), Words("columns"));

        string? One(string name) => query[name] is [{ Length: > 0 } only] ? only : query[name].Count > 1 ? query[name].ToString() : null;
        // A form sends each choice by itself, a link all of them with commas.
        IReadOnlyList<string> Words(string name) => [.. query[name].SelectMany(value => value!.Split(',')).Where(word => word.Length > 0)];
        string? Listed(string name) => Words(name) is { Count: > 0 } words ? string.Join(',', words) : null;
    }

    /// <summary>The filter with what was chosen; what is wrong is added to the faults.</summary>
    public ReportFilter Apply(ReportFilter filter, ICollection<Problem> faults)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(faults);
        var sort = UsageSort.Default;
        if (Sort is not null && !UsageSort.TryParse(Sort, out sort)) faults.Add(new(null, "That order of rows is not known. Choose up to three columns, each once."));
        if (!UsageColumns.TryParse(Columns, out var columns)) faults.Add(new(null, "Choose each column once."));
        if (Pictures is not (null or "true")) faults.Add(new(null, "Tick Pictures on the first sheet or leave it empty."));
        var by = UsageGroupLabels.Of(GroupBy);
        if (GroupBy is not null && by is null) faults.Add(new(null, "Group the rows by day, week, staff member, client, program, device or kind."));
        CheckGrouped(by, faults);
        if (filter.ProgramsHidden && by == UsageGroupBy.Program) faults.Add(new(null, "Programs are hidden in this copy, so its rows cannot be grouped by them."));
        return filter with { Sort = sort, Narrowed = Narrowing(filter, faults), GroupBy = by, SubtotalsOnly = Rows is not null, NewPages = NewPages is not null, Pictures = Pictures is not null, Columns = columns };
    }

    private void CheckGrouped(UsageGroupBy? by, ICollection<Problem> faults)
    {
        if (Rows is not (null or Subtotals)) faults.Add(new(null, "Tick Subtotals only or leave it empty."));
        if (NewPages is not (null or "true")) faults.Add(new(null, "Tick New page for each group or leave it empty."));
        if (by is null && GroupBy is null && (Rows is not null || NewPages is not null)) faults.Add(new(null, "Choose what the rows are grouped by."));
    }

    private RowFilter Narrowing(ReportFilter filter, ICollection<Problem> faults)
    {
        var (from, to) = (Day(From, faults), Day(To, faults));
        if (from > to) faults.Add(new(null, "The last day lies before the first. Choose the same day or a later one."));
        if (new[] { Staff, Client, Program, Device, Text }.Any(value => value?.Length > MaxCharacters))
            faults.Add(new(null, $"What the report is narrowed to is longer than {MaxCharacters} characters. Choose from the list or search for less."));
        // What is searched for stands on the paper, and may be the name that the copy is to keep back.
        if (filter.ForAccountant && Text is { Length: > 0 }) faults.Add(new(null, "An accountant's copy cannot be narrowed by text. Empty the search or leave Accountant's copy."));
        if (filter.ProgramsHidden && Program is not null) faults.Add(new(null, "Programs are hidden in this copy. Choose all programs."));
        return new RowFilter(Staff, Client, Program, Device, from, to, Text is { Length: > 0 } ? Text : null);
    }

    private static DateOnly? Day(string? text, ICollection<Problem> faults)
    {
        if (text is null) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        faults.Add(new(null, "Enter a day such as 05/10/2026."));
        return null;
    }
}
