using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report;

/// <summary>The query string of a report as it came: the one way from a URL to a filter, for the page, print and every file.</summary>
/// <param name="Asked">Whether a report is asked for at all; a bare URL shows the form alone.</param>
public sealed record ReportInput(bool Asked, string? Year, string? Month, string? Sessions, string? TopUps, string? Page, string? After, string? Copy, string? Programs, ReportQueryString Shape)
{
    /// <summary>The value of copy= that leaves the clients' names out.</summary>
    public const string Accountant = "accountant";

    /// <summary>The value of programs= that leaves the programs out.</summary>
    public const string Hidden = "hidden";

    /// <summary>What is said of a page past the last.</summary>
    public static readonly Problem NoSuchPage = new(null, "That page does not exist. Run the query again from its first page.");

    /// <summary>The furthest page that can be asked for.</summary>
    private const int LastPage = 100_000;

    public static ReportInput From(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new ReportInput(
            query.ContainsKey("year") || query.ContainsKey("month") || query.ContainsKey("sessions") || query.ContainsKey("topUps"),
            query["year"], query["month"], query["sessions"], query["topUps"], query["page"], query["after"], query["copy"], query["programs"], ReportQueryString.Of(query));
    }

    /// <summary>Whether a box is ticked. An absent one is not; before anything was asked both are.</summary>
    public bool Ticked(string? box) => !Asked || box == "true";

    /// <summary>The filter and where to begin, or what is wrong.</summary>
    public ReportFilter? Validate(ReportableMonths months, out UsagePosition position, out IReadOnlyList<Problem> faults)
    {
        ArgumentNullException.ThrowIfNull(months);
        var found = new List<Problem>();
        var sessions = Box(Sessions, "sessions", found);
        var topUps = Box(TopUps, "topUps", found);
        if (found.Count == 0 && !sessions && !topUps) found.Add(new("sessions", "Select connected sessions, daily top-ups or both."));
        var month = RequestedMonth.Read(Year, Month, months, found);
        CheckCopy(found);
        var filter = Shape.Apply(new ReportFilter(month, sessions, topUps, UsageSort.Default) { ForAccountant = Copy is not null, ProgramsHidden = Programs is not null }, found);
        position = ValidPosition(found);
        faults = found;
        return found.Count > 0 ? null : filter;
    }

    private static bool Box(string? value, string field, List<Problem> faults)
    {
        if (value is not (null or "true" or "false")) faults.Add(new(field, "Tick the box or leave it empty."));
        return value == "true";
    }

    private void CheckCopy(List<Problem> faults)
    {
        if (Copy is not (null or Accountant)) faults.Add(new("copy", "That kind of copy is not known. Tick Accountant's copy or leave it empty."));
        if (Programs is not (null or Hidden)) faults.Add(new("programs", "Tick Hide programs or leave it empty."));
        else if (Programs is not null && Copy is null) faults.Add(new("copy", "Programs are hidden in an accountant's copy only. Tick Accountant's copy too."));
    }

    private UsagePosition ValidPosition(List<Problem> faults)
    {
        var page = Page is null ? 1 : WholeNumber.Read(Page, LastPage);
        if (page is null) faults.Add(NoSuchPage);
        return new UsagePosition(page ?? 1, After);
    }
}

/// <summary>Where on screen the rows begin: at a numbered page, or after the row of an event.</summary>
public sealed record UsagePosition(int Page, string? AfterEventId)
{
    /// <summary>Rows of the pages before a numbered one.</summary>
    public int Skipped => (Page - 1) * ReportQuery.PageRows;

    /// <summary>So many of all rows, from here on; none after the row of an event that is not among them.</summary>
    internal List<UsageRow> Of(List<UsageRow> rows, int take)
    {
        if (AfterEventId is not { } after) return rows.Skip(Skipped).Take(take).ToList();
        var shown = rows.FindIndex(row => row.EventId == after);
        return shown < 0 ? [] : rows.Skip(shown + 1).Take(take).ToList();
    }
}
