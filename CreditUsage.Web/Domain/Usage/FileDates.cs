using System.Globalization;
using System.Text.RegularExpressions;

namespace CreditUsage.Domain.Usage;

/// <summary>Reads the dates of a clinic's own file and writes them as domain.md wants them: an instant with its offset, or a day.</summary>
public sealed partial class FileDates(ColumnMapping mapping)
{
    private const string Field = "occurred_at";
    private const string London = "Europe/London";

    private static readonly string[] NamedMonths = ["d-MMM-yy", "d-MMM-yyyy", "d-MMMM-yy", "d-MMMM-yyyy"];

    // A colon that is not quoted is the culture's separator, which takes several times as long.
    private static readonly string[] Times =
        ["HH':'mm':'ss", "H':'mm", "H':'mm':'ss", "H':'mm':'ss.FFFFFFF", "h':'mm tt", "h':'mm':'ss tt", "h':'mmtt", "h':'mm':'sstt"];

    /// <summary>Rows stand in the order of their days, mostly.</summary>
    private (string Text, DateOnly Day, string? Fault) _last = ("", default, null);

    private (DateOnly Day, TimeSpan? AllDay) _offset = (default, TimeSpan.Zero);

    private readonly TimeZoneInfo _zone = mapping.Zone == FileZone.London ? TimeZoneInfo.FindSystemTimeZoneById(London) : TimeZoneInfo.Utc;

    /// <returns>The text as it was, with a fault, where it cannot be read.</returns>
    public string Instant(string raw, ICollection<UsageFault> faults)
    {
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentNullException.ThrowIfNull(faults);
        var text = raw.Trim();
        if (text.Length > 16 && text[10] is 'T' or 't' or ' ' && WithOffset().IsMatch(text)) return text.Replace(' ', 'T');
        var (day, time, fault) = Read(text);
        if (fault is null && time is null) fault = "has no time; a connected session needs the time at which it began";
        if (fault is not null) return Refuse(raw, fault, faults);
        if (day != _offset.Day) _offset = (day, OffsetAllDay(day));
        var local = day.ToDateTime(time!.Value);
        if (_offset.AllDay is { } offset) return Written(local, offset);
        if (_zone.IsInvalidTime(local)) return Refuse(raw, "is a time that British clocks left out, when summer time began", faults);
        if (_zone.IsAmbiguousTime(local) && mapping.DoubledHour == DoubledHour.Refuse)
            return Refuse(raw, "is a time that British clocks showed twice, when summer time ended; choose in Your columns which is meant", faults);
        return Written(local, Offset(local));
    }

    /// <returns>The text as it was, with a fault, where it cannot be read.</returns>
    public string Day(string raw, ICollection<UsageFault> faults)
    {
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentNullException.ThrowIfNull(faults);
        var (day, time, fault) = Read(raw.Trim());
        if (fault is null && time is { Ticks: not 0 }) fault = "has a time; write the day alone";
        return fault is null ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : Refuse(raw, fault, faults);
    }

    private static string Written(DateTime local, TimeSpan offset) => string.Create(CultureInfo.InvariantCulture, $"{local:yyyy-MM-dd'T'HH:mm:ss.FFFFFFF}+{offset:hh\\:mm}");

    /// <summary>Null on a day on which clocks are put forward or back.</summary>
    private TimeSpan? OffsetAllDay(DateOnly day)
    {
        var offset = _zone.GetUtcOffset(day.ToDateTime(TimeOnly.MinValue));
        return offset == _zone.GetUtcOffset(day.ToDateTime(TimeOnly.MaxValue)) ? offset : null;
    }

    private TimeSpan Offset(DateTime local)
    {
        var offset = _zone.GetUtcOffset(local);
        // Of a doubled hour the framework gives the standard time.
        if (_zone.IsAmbiguousTime(local)) offset = mapping.DoubledHour == DoubledHour.SummerTime ? _zone.GetAmbiguousTimeOffsets(local).Max() : _zone.BaseUtcOffset;
        return offset;
    }

    private (DateOnly Day, TimeOnly? Time, string? Fault) Read(string text)
    {
        // The usual case first: eight to ten characters, a space and the time.
        var (date, time) = text.IndexOf(' ', StringComparison.Ordinal) is var space and >= 8 and <= 10 && char.IsAsciiDigit(text[space - 1]) && char.IsAsciiDigit(text[space + 1]) ? (text[..space], text[(space + 1)..]) : ("", "");
        if (date != _last.Text || date.Length == 0)
        {
            if (Serial().IsMatch(text)) return OfSerial(text);
            var parts = Parts().Match(text);
            if (!parts.Success) return (default, null, $"is not a date as {Wanted}");
            (date, time) = (parts.Groups["date"].Value, parts.Groups["time"].Value);
            var (found, wrong) = OfDate(date);
            _last = (date, found, wrong);
        }
        var (_, day, fault) = _last;
        if (fault is not null) return (default, null, fault);
        if (time.Length == 0) return (day, null, null);
        return TimeOnly.TryParseExact(time, Times, CultureInfo.InvariantCulture, DateTimeStyles.AllowTrailingWhite, out var at) ? (day, at, null)
            : (default, null, "has a time that cannot be read; write it as 09:30 or 09:30:00");
    }

    private (DateOnly Day, string? Fault) OfDate(string text)
    {
        if (text.Any(char.IsAsciiLetter))
        {
            // British English shortens September to four letters, too.
            var named = Regex.Replace(Regex.Replace(text, "sept(?![a-z])", "Sep", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)), @"[\s/.,-]+", "-", RegexOptions.None, TimeSpan.FromSeconds(1));
            return mapping.Dates is DateStyle.Unsaid or DateStyle.MonthName ? Exact(named, NamedMonths) : (default, $"is not a date as {Wanted}");
        }
        var plain = text.Replace('-', '/').Replace('.', '/');
        if (plain.IndexOf('/', StringComparison.Ordinal) == 4) return Exact(plain, "yyyy/M/d");
        return mapping.Dates switch
        {
            DateStyle.DayFirst => Exact(plain, "d/M/yyyy", "d/M/yy"),
            DateStyle.MonthFirst => Exact(plain, "M/d/yyyy", "M/d/yy"),
            DateStyle.Unsaid => Unsaid(plain),
            _ => (default, $"is not a date as {Wanted}"),
        };
    }

    private (DateOnly Day, string? Fault) Unsaid(string text)
    {
        var (dayFirst, monthFirst) = (Exact(text, "d/M/yyyy", "d/M/yy"), Exact(text, "M/d/yyyy", "M/d/yy"));
        if (dayFirst.Fault is not null) return monthFirst;
        if (monthFirst.Fault is not null || monthFirst.Day == dayFirst.Day) return dayFirst;
        return (default, string.Create(CultureInfo.InvariantCulture, $"can be {dayFirst.Day:d MMMM} or {monthFirst.Day:d MMMM}; choose in Your columns how the file writes its dates"));
    }

    private (DateOnly Day, string? Fault) Exact(string text, params string[] formats) =>
        DateOnly.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? (day, null) : (default, $"is not a date as {Wanted}");

    /// <summary>Days since the end of 1899, to the nearest second: spreadsheets keep times as fractions that are seldom exact.</summary>
    private (DateOnly Day, TimeOnly? Time, string? Fault) OfSerial(string text)
    {
        if (mapping.Dates is not (DateStyle.Unsaid or DateStyle.ExcelNumber)) return (default, null, $"is not a date as {Wanted}");
        var seconds = (long)decimal.Round(decimal.Parse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * 24 * 60 * 60, MidpointRounding.AwayFromZero);
        var at = new DateTime(1899, 12, 30, 0, 0, 0, DateTimeKind.Unspecified).AddSeconds(seconds);
        return (DateOnly.FromDateTime(at), TimeOnly.FromDateTime(at), null);
    }

    private string Wanted => mapping.Dates switch
    {
        DateStyle.Iso => "2026-10-31",
        DateStyle.DayFirst => "31/10/2026",
        DateStyle.MonthFirst => "10/31/2026",
        DateStyle.MonthName => "31-Oct-26",
        DateStyle.ExcelNumber => "46326 or 46326.5, Excel's number of a day",
        _ => "2026-10-31, 31/10/2026 or 31-Oct-26",
    };

    private static string Refuse(string raw, string fault, ICollection<UsageFault> faults)
    {
        faults.Add(new UsageFault(Field, $"{FieldRules.Quote(raw)} {fault}."));
        return raw;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,7})?)?([Zz]|[+-]\d\d:\d\d)$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WithOffset();

    /// <summary>Of the years 1954 to 2173, so that no year or day is taken for one.</summary>
    [GeneratedRegex(@"^[2-9][0-9]{4}([.,][0-9]{1,15})?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Serial();

    [GeneratedRegex(@"^(?<date>[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}|[0-9]{1,2}[ -]?[A-Za-z]{3,9}[, -]{0,2}[0-9]{2,4})(,?[T\s]+(?<time>[0-9].*))?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parts();
}
