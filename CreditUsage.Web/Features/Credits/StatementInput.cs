using CreditUsage.Core;
using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Credits;

/// <summary>Selects what belongs to a month by a basis, and formats its rows.</summary>
internal sealed class StatementPeriod(StatementFilter filter)
{
    private readonly DateTimeOffset _start = new(filter.Month.Start, TimeOnly.MinValue, TimeSpan.Zero);
    private readonly DateTimeOffset _end = new(filter.Month.End, TimeOnly.MinValue, TimeSpan.Zero);

    public StatementBasis Basis => filter.Basis;

    public UsageMonth Month => filter.Month;

    /// <summary>Instants are stored in whole milliseconds.</summary>
    public DateTimeOffset LastInstantBefore => _start.AddMilliseconds(-1);

    public IQueryable<LedgerEntry> Of(IQueryable<LedgerEntry> entries) => Basis == StatementBasis.Service
        ? entries.Where(entry => entry.ReportMonth == filter.Month)
        : entries.Where(entry => entry.PostedAt >= _start && entry.PostedAt < _end);

    /// <summary>Nothing is posted before its report month, so the month bounds the search.</summary>
    public IQueryable<UsageEvent> Of(IQueryable<UsageEvent> events) => Basis == StatementBasis.Service
        ? events.Where(usage => usage.ReportMonth == filter.Month)
        : events.Where(usage => usage.ReportMonth <= filter.Month && usage.PostedAt >= _start && usage.PostedAt < _end);

    public StatementRow Row(LedgerEntry entry)
    {
        var line = entry.Kind switch
        {
            LedgerEntryKind.Purchase => StatementLine.Purchases,
            LedgerEntryKind.Grant => StatementLine.Grants,
            LedgerEntryKind.Adjustment => StatementLine.Adjustments,
            _ => StatementLine.EntryCorrections,
        };
        return new(DayOf(entry.ServiceDate, entry.PostedAt), line, Joined(LedgerLabels.Details(entry), Dated(entry.ServiceDate, entry.PostedAt)), entry.Credits) { EntryId = entry.Id };
    }

    /// <summary>"31 top-ups", with their day where it differs from the row's.</summary>
    public StatementRow Row(UsageOfDay usage)
    {
        var counted = usage.Kind == UsageKind.ConnectedSession ? Display.Count(usage.Events, "session", "sessions") : Display.Count(usage.Events, "top-up", "top-ups");
        var of = usage.Day == usage.ServiceDate ? "" : $" of {Display.Day(usage.ServiceDate)}";
        // By posting instant a late event falls when it came in: later than the midnight after its day.
        var late = Basis == StatementBasis.Service ? IsOfAnotherMonth(usage.ServiceDate) : usage.Day > usage.ServiceDate.AddDays(1) || (usage.Day > usage.ServiceDate && usage.Kind == UsageKind.ConnectedSession);
        var line = usage.Kind == UsageKind.ConnectedSession ? StatementLine.Sessions : StatementLine.TopUps;
        return new(usage.Day, line, $"{counted}{of}{(late ? $", late for {UsageMonth.Of(usage.ServiceDate).Name}" : "")}", -usage.Credits);
    }

    public StatementRow Row(CorrectedUsage correction) => new(
        DayOf(correction.ServiceDate, correction.PostedAt), StatementLine.UsageCorrections,
        $"{(correction.EventId is { } id ? $"{correction.Kind.Label()} {id}" : correction.Kind == UsageKind.ConnectedSession ? Display.Count(correction.Events, "session", "sessions") : Display.Count(correction.Events, "top-up", "top-ups"))} of {Display.Day(correction.ServiceDate)}{(IsOfAnotherMonth(correction.ServiceDate) ? $", for {UsageMonth.Of(correction.ServiceDate).Name}" : "")}: {correction.Reason}",
        -correction.Credits);

    private DateOnly DayOf(DateOnly serviceDate, DateTimeOffset postedAt) => Basis == StatementBasis.Service ? serviceDate : DateOnly.FromDateTime(postedAt.UtcDateTime);

    private bool IsOfAnotherMonth(DateOnly serviceDate) => !filter.Month.Contains(serviceDate);

    private string Dated(DateOnly serviceDate, DateTimeOffset postedAt)
    {
        if (IsOfAnotherMonth(serviceDate)) return $"dated {Display.Day(serviceDate)}, for {UsageMonth.Of(serviceDate).Name}";
        return DayOf(serviceDate, postedAt) == serviceDate ? "" : $"dated {Display.Day(serviceDate)}";
    }

    private static string Joined(string details, string dated) => (details.Length, dated.Length) switch
    {
        (_, 0) => details,
        (0, _) => dated,
        _ => $"{details} ({dated})",
    };
}

public sealed record StatementInput(string? Year, string? Month, string? Basis)
{
    public static StatementInput From(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new StatementInput(query["year"], query["month"], query["basis"]);
    }

    /// <summary>Without parameters: the last complete month by service date.</summary>
    public StatementFilter? Validate(ReportableMonths months, out IReadOnlyList<Problem> faults)
    {
        ArgumentNullException.ThrowIfNull(months);
        var found = new List<Problem>();
        faults = found;
        var month = Year is null && Month is null ? months.Default : RequestedMonth.Read(Year, Month, months, found);
        if (Basis is not (null or "service" or "posting")) found.Add(new("basis", "Choose by service date or by date posted."));
        return found.Count > 0 ? null : new StatementFilter(month, Basis == "posting" ? StatementBasis.Posting : StatementBasis.Service);
    }
}

public sealed record StatementFilter(UsageMonth Month, StatementBasis Basis)
{
    public string BasisLabel => Basis == StatementBasis.Service ? "by service date" : "by date posted";

    public string Query => $"{MonthAddress.Query(Month)}&basis={(Basis == StatementBasis.Service ? "service" : "posting")}";

    public string FileName(string extension) => $"Credit Statement {Month} - {BasisLabel}.{extension}";

    public string Audited(string format) => $"Credit statement {BasisLabel} as {format}.";
}
