using System.Globalization;
using CreditUsage.Domain;
using CreditUsage.Features.UsageReport.Narrowing;

namespace CreditUsage.Features.UsageReport;

/// <summary>The query string of a report as it came: the one way from a URL to a filter, for the page, print and every file.</summary>
/// <param name="Asked">Whether a report is asked for at all; a bare URL shows the form alone.</param>
public sealed record UsageReportInput(bool Asked, string? Year, string? Month, string? Sessions, string? TopUps, string? Page, string? After, string? Copy, string? Programs, UsageShapeInput Shape)
{
    /// <summary>The value of copy= that leaves the clients' names out.</summary>
    public const string Accountant = "accountant";

    /// <summary>The value of programs= that leaves the programs out.</summary>
    public const string Hidden = "hidden";

    /// <summary>What is said of a page past the last.</summary>
    public static readonly InputFault NoSuchPage = new(null, "That page does not exist. Run the query again from its first page.");

    /// <summary>The furthest page that can be asked for.</summary>
    private const int LastPage = 100_000;

    public static UsageReportInput From(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new UsageReportInput(
            query.ContainsKey("year") || query.ContainsKey("month") || query.ContainsKey("sessions") || query.ContainsKey("topUps"),
            query["year"], query["month"], query["sessions"], query["topUps"], query["page"], query["after"], query["copy"], query["programs"], UsageShapeInput.Of(query));
    }

    /// <summary>Whether a box is ticked. An absent one is not; before anything was asked both are.</summary>
    public bool Ticked(string? box) => !Asked || box == "true";

    /// <summary>The filter and where to begin, or what is wrong.</summary>
    public UsageReportFilter? Validate(ReportableMonths months, out UsagePosition position, out IReadOnlyList<InputFault> faults)
    {
        ArgumentNullException.ThrowIfNull(months);
        var found = new List<InputFault>();
        var sessions = Box(Sessions, "sessions", found);
        var topUps = Box(TopUps, "topUps", found);
        if (found.Count == 0 && !sessions && !topUps) found.Add(new("sessions", "Select connected sessions, daily top-ups or both."));
        var month = ValidMonth(months, found);
        CheckCopy(found);
        var filter = Shape.Apply(new UsageReportFilter(month, sessions, topUps, UsageSort.Default) { ForAccountant = Copy is not null, ProgramsHidden = Programs is not null }, found);
        position = ValidPosition(found);
        faults = found;
        return found.Count > 0 ? null : filter;
    }

    private static bool Box(string? value, string field, List<InputFault> faults)
    {
        if (value is not (null or "true" or "false")) faults.Add(new(field, "Tick the box or leave it empty."));
        return value == "true";
    }

    private void CheckCopy(List<InputFault> faults)
    {
        if (Copy is not (null or Accountant)) faults.Add(new("copy", "That kind of copy is not known. Tick Accountant's copy or leave it empty."));
        if (Programs is not (null or Hidden)) faults.Add(new("programs", "Tick Hide programs or leave it empty."));
        else if (Programs is not null && Copy is null) faults.Add(new("copy", "Programs are hidden in an accountant's copy only. Tick Accountant's copy too."));
    }

    private UsageMonth ValidMonth(ReportableMonths months, List<InputFault> faults)
    {
        var year = Whole(Year, 1, 9998);
        var month = Whole(Month, 1, 12);
        if (month is null) faults.Add(new("month", "Choose a month from January to December."));
        if (year is null) faults.Add(new("year", $"Choose a year from {months.First.Year} to {months.Current.Year}."));
        if (month is null || year is null) return default;
        var chosen = new UsageMonth(year.Value, month.Value);
        if (months.Refusal(chosen) is { } refusal) faults.Add(new("month", refusal));
        return chosen;
    }

    private UsagePosition ValidPosition(List<InputFault> faults)
    {
        var page = Page is null ? 1 : Whole(Page, 1, LastPage);
        if (page is null) faults.Add(NoSuchPage);
        return new UsagePosition(page ?? 1, After);
    }

    private static int? Whole(string? text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
}

/// <summary>What is wrong and what to do about it.</summary>
/// <param name="Field">The field of the form; null for what stands in the address alone.</param>
public sealed record InputFault(string? Field, string Message);

/// <summary>Where on screen the rows begin: at a numbered page, or after the row of an event.</summary>
public sealed record UsagePosition(int Page, string? AfterEventId);
