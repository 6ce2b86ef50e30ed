using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report;

/// <summary>Turns the query string of a report into a filter, for page, print and every file. An empty value of a filter or of the layout counts as absent.</summary>
public sealed class ReportInput
{
    /// <summary>The value of copy= that leaves the clients' names out.</summary>
    public const string Accountant = "accountant";

    /// <summary>The value of programs= that leaves the programs out.</summary>
    public const string Hidden = "hidden";

    /// <summary>The value of rows= that leaves the rows of groups out.</summary>
    public const string Subtotals = "subtotals";

    /// <summary>A column that goes one place up, or down.</summary>
    public const string MoveUp = "moveUp";

    public const string MoveDown = "moveDown";

    /// <summary>The value of summary= that leaves the first page of a PDF out.</summary>
    public const string NoSummary = "none";

    public static readonly Problem NoSuchPage = new(null, "That page does not exist. Run the query again.");

    private const int LastPage = 100_000;

    private readonly IQueryCollection _query;

    private ReportInput(IQueryCollection query)
    {
        _query = query;
        (Year, Month) = RequestedMonth.Fields(query);
    }

    /// <summary>False for a bare URL, which shows the form alone.</summary>
    public bool Asked => _query.ContainsKey("year") || _query.ContainsKey("month") || _query.ContainsKey("sessions") || _query.ContainsKey("topUps");

    public string? Year { get; }

    public string? Month { get; }

    public string? After => _query["after"];

    public string? Copy => _query["copy"];

    public string? Programs => _query["programs"];

    public string? Pictures => _query["pictures"];

    public string? Summary => _query["summary"];

    /// <summary>A name to add to a filter, as it was typed.</summary>
    public string? Typed(NameKind kind) => Value(TypedParameter(kind))?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Whether it says what to change, not what is asked for.</summary>
    public bool Moves => Value(MoveUp) is not null || Value(MoveDown) is not null;

    public bool IsTyped => NameKindLabels.All.Any(kind => Typed(kind) is not null);

    /// <summary>"addClient".</summary>
    public static string TypedParameter(NameKind kind) => $"add{kind}";

    /// <summary>Whether the box of sessions= or topUps= is ticked. Both are on a bare URL, and where month=2026-10 is all that is said; else an absent one is not.</summary>
    public bool IsTicked(string field) => !Asked || IsMonthAlone || _query[field] == "true";

    private bool IsMonthAlone => Year is not null && !_query.ContainsKey("year") && !_query.ContainsKey("sessions") && !_query.ContainsKey("topUps");

    public static ReportInput From(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new ReportInput(query);
    }

    public ReportFilter? Validate(ReportableMonths months, out UsagePosition position, out IReadOnlyList<Problem> faults)
    {
        ArgumentNullException.ThrowIfNull(months);
        var found = new List<Problem>();
        var (sessions, topUps) = (Box("sessions", found), Box("topUps", found));
        if (found.Count == 0 && !sessions && !topUps) found.Add(new("sessions", "Select connected sessions, daily top-ups or both."));
        var month = RequestedMonth.Read(Year, Month, months, found);
        CheckCopy(found);
        var filter = Arranged(new ReportFilter(month, sessions, topUps, UsageSort.Default) { ForAccountant = Copy is not null, ProgramsHidden = Programs is not null }, found);
        position = ValidPosition(found);
        faults = found;
        return found.Count > 0 ? null : filter;
    }

    private bool Box(string field, List<Problem> faults)
    {
        string? value = _query[field];
        if (value is not (null or "true" or "false")) faults.Add(new(field, "Tick the box or leave it empty."));
        return value == "true" || IsMonthAlone;
    }

    private void CheckCopy(List<Problem> faults)
    {
        if (Copy is not (null or Accountant)) faults.Add(new("copy", "Tick Accountant's copy or leave it empty."));
        if (Programs is not (null or Hidden)) faults.Add(new("programs", "Tick Hide programs or leave it empty."));
        else if (Programs is not null && Copy is null) faults.Add(new("copy", "To hide programs, tick Accountant's copy too."));
    }

    private ReportFilter Arranged(ReportFilter filter, List<Problem> faults)
    {
        var sort = UsageSort.Default;
        if (Choices("sort") is { Count: > 0 } keys && !UsageSort.TryParse(string.Join(',', keys), out sort)) faults.Add(new(null, "Sort by up to three columns, each once."));
        if (!UsageColumns.TryParse(Choices("columns"), out var columns)) faults.Add(new(null, "Choose each column once."));
        foreach (var (name, places) in new[] { (MoveUp, -1), (MoveDown, 1) })
            if (Value(name) is { } column) columns = columns.Moved(column, places);
        var (pictures, summary) = (Value("pictures"), Value("summary"));
        if (pictures is not (null or "true")) faults.Add(new(null, "Tick With a page of charts or leave it empty."));
        if (summary is not (null or NoSummary)) faults.Add(new(null, "Tick Without the summary page or leave it empty."));
        var grouped = Grouped(filter with { Sort = sort, Columns = columns, Pictures = pictures is not null, SummaryLeftOut = summary is not null }, faults);
        return grouped with { Rows = RowFilterInput.Read(this, grouped, faults) };
    }

    private ReportFilter Grouped(ReportFilter filter, List<Problem> faults)
    {
        var (groupBy, rows, newPages) = (Value("groupBy"), Value("rows"), Value("newPages"));
        var by = UsageGroupLabels.Of(groupBy);
        if (groupBy is not null && by is null) faults.Add(new(null, "Group the rows by day, week, staff member, client, program, device or kind."));
        if (rows is not (null or Subtotals)) faults.Add(new(null, "Tick Subtotals only or leave it empty."));
        if (newPages is not (null or "true")) faults.Add(new(null, "Tick New page for each group or leave it empty."));
        if (groupBy is null && (rows is not null || newPages is not null)) faults.Add(new(null, "Choose what to group by."));
        if (filter.ProgramsHidden && by == UsageGroupBy.Program) faults.Add(new(null, "Programs are hidden, so you cannot group by program."));
        return filter with { GroupBy = by, SubtotalsOnly = rows is not null, NewPages = newPages is not null };
    }

    private UsagePosition ValidPosition(List<Problem> faults)
    {
        string? asked = _query["page"];
        var page = asked is null ? 1 : WholeNumber.Read(asked, LastPage);
        if (page is null) faults.Add(NoSuchPage);
        return new UsagePosition(page ?? 1, After);
    }

    internal string? Value(string name) => _query[name] is [{ Length: > 0 } only] ? only : _query[name].Count > 1 ? _query[name].ToString() : null;

    internal FilterValues Values(string name) => [.. _query[name].OfType<string>().Where(value => value.Length > 0)];

    /// <summary>A form sends each choice by itself, a link all of them with commas.</summary>
    private IReadOnlyList<string> Choices(string name) => [.. _query[name].SelectMany(value => value!.Split(',')).Where(choice => choice.Length > 0)];
}
