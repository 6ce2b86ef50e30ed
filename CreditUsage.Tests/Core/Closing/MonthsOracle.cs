using System.Globalization;
using CreditUsage.Domain.Credits;
using CreditUsage.Features.Credits;

namespace CreditUsage.Tests.Core.Closing;

/// <summary>
/// Months, their movements and their closings by the tests' own arithmetic: plain integers, rows of an input file as lists of fields,
/// and the one rule that what is dated in a closed month is shown in the month that is open.
/// </summary>
internal sealed class MonthsOracle(int first, IReadOnlyList<(string FromDay, long Micros)> prices)
{
    private readonly List<Row> _rows = [];
    private readonly Dictionary<string, Standing> _events = [];
    private readonly Dictionary<LedgerDraft, Row> _entries = [];
    private int _open = first;

    /// <summary>Every version in the order of closing.</summary>
    public List<OracleClosing> Closings { get; } = [];

    /// <summary>Months since January of year 0.</summary>
    public static int NumberOf(string day) => (int.Parse(day[..4], CultureInfo.InvariantCulture) * 12) + int.Parse(day[5..7], CultureInfo.InvariantCulture) - 1;

    public void Do(Act act)
    {
        switch (act)
        {
            case Import import: Record(import.Rows.Select(row => row.Split(','))); break;
            case Reverse reverse: Correct(reverse.EventId, 0, 0); break;
            case Adjust adjust: Correct(adjust); break;
            case Enter enter: _entries[enter.Draft] = Show(new Row(NumberOf($"{enter.Draft.Day:yyyy-MM-dd}"), LineOf(enter.Draft.Kind), enter.Draft.Credits, 0)); break;
            case TakeBack back: TakeBack(_entries[back.Draft]); break;
            case Close close: CloseMonth(close.Month.Number); break;
            case Reopen reopen: ReopenMonth(reopen.Month.Number); break;
            default: throw new ArgumentOutOfRangeException(nameof(act));
        }
    }

    /// <summary>New events; those that are known change nothing.</summary>
    public void Record(IEnumerable<string[]> events)
    {
        foreach (var field in events)
            if (!_events.ContainsKey(field[0])) Record(field);
    }

    /// <summary>What a month's statement by service date must say.</summary>
    public OracleMonth Month(int month)
    {
        var opening = _rows.Where(row => row.Shown < month).Sum(row => row.Credits);
        var own = _rows.Where(row => row.Shown == month).ToList();
        long Of(params StatementLine[] lines) => own.Where(row => lines.Contains(row.Line)).Sum(row => row.Credits);
        return new OracleMonth(
            opening, Of(StatementLine.Purchases), Of(StatementLine.Grants), Of(StatementLine.Adjustments), Of(StatementLine.EntryCorrections), Of(StatementLine.UsageCorrections),
            Of(StatementLine.Sessions), Of(StatementLine.TopUps), opening + own.Sum(row => row.Credits));
    }

    /// <summary>Movements that are shown in another month than the one they are dated in.</summary>
    public int Late() => _rows.Count(row => row.Shown != row.Own);

    private void Record(string[] field)
    {
        var topUp = field[1] == "daily-top-up";
        var credits = field[11].Length > 0 ? int.Parse(field[11], CultureInfo.InvariantCulture) : topUp ? 1 : CreditsOf(int.Parse(field[10], CultureInfo.InvariantCulture));
        var priced = field[12].Length == 0;
        var micros = prices.Last(price => string.CompareOrdinal(price.FromDay, field[2][..10]) <= 0).Micros;
        // "4.05" without its point is 405 pence.
        var pence = priced ? PenceOf(credits, micros) : long.Parse(field[12].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        var row = Show(new Row(NumberOf(field[2]), topUp ? StatementLine.TopUps : StatementLine.Sessions, -credits, pence));
        _events.Add(field[0], new Standing(row, priced ? micros : null, credits, pence));
    }

    private void Correct(Adjust adjust)
    {
        var (row, micros, _, _) = _events[adjust.EventId];
        var credits = adjust.Credits ?? (row.Line == StatementLine.TopUps ? 1 : CreditsOf(adjust.Minutes!.Value));
        Correct(adjust.EventId, credits, adjust.Pence ?? PenceOf(credits, micros!.Value));
    }

    /// <summary>The difference, as a row of its own, not before the month that shows the event itself.</summary>
    private void Correct(string eventId, int credits, long pence)
    {
        var standing = _events[eventId];
        var row = Show(new Row(standing.Row.Own, StatementLine.UsageCorrections, standing.Credits - credits, pence - standing.Pence));
        row.Shown = Math.Max(row.Shown, standing.Row.Shown);
        _events[eventId] = standing with { Credits = credits, Pence = pence };
    }

    /// <summary>Not before the month that shows the entry itself.</summary>
    private void TakeBack(Row entry)
    {
        var row = Show(new Row(entry.Own, StatementLine.EntryCorrections, -entry.Credits, 0));
        row.Shown = Math.Max(row.Shown, entry.Shown);
    }

    private void CloseMonth(int month)
    {
        Assert.Equal(_open, month);
        var usage = _rows.Where(row => row.Shown == month && row.Line is (StatementLine.Sessions or StatementLine.TopUps or StatementLine.UsageCorrections)).ToList();
        var corrections = usage.Count(row => row.Line == StatementLine.UsageCorrections);
        var (version, figures) = (Closings.Count(closing => closing.Month == month) + 1, Month(month));
        Closings.Add(new OracleClosing(month, version, figures.Opening, figures.Closing, usage.Count - corrections, corrections, -usage.Sum(row => row.Credits), usage.Sum(row => row.Pence)));
        _open = month + 1;
    }

    private void ReopenMonth(int month)
    {
        Assert.Equal(_open, month + 1);
        _open = month;
        foreach (var row in _rows.Where(row => row.Own == month)) row.Shown = month;
    }

    private Row Show(Row row)
    {
        row.Shown = Math.Max(row.Own, _open);
        _rows.Add(row);
        return row;
    }

    /// <summary>One for every five minutes begun.</summary>
    private static int CreditsOf(int minutes) => minutes <= 5 ? 1 : (minutes / 5) + (minutes % 5 > 0 ? 1 : 0);

    /// <summary>Half a penny is one.</summary>
    private static long PenceOf(int credits, long micros) => ((credits * micros) + 5_000) / 10_000;

    private static StatementLine LineOf(LedgerEntryKind kind) => kind switch
    {
        LedgerEntryKind.Purchase => StatementLine.Purchases,
        LedgerEntryKind.Grant => StatementLine.Grants,
        _ => StatementLine.Adjustments,
    };

    /// <param name="Own">The month it is dated in.</param>
    /// <param name="Credits">What the balance rises by.</param>
    private sealed record Row(int Own, StatementLine Line, long Credits, long Pence)
    {
        public int Shown { get; set; }
    }

    /// <summary>An event and what it comes to after its corrections.</summary>
    /// <param name="Micros">Null where it came with its own cost.</param>
    private sealed record Standing(Row Row, long? Micros, int Credits, long Pence);
}

/// <summary>What a statement must say.</summary>
internal sealed record OracleMonth(
    long Opening, long Purchases, long Grants, long Adjustments, long EntryCorrections, long UsageCorrections, long Sessions, long TopUps, long Closing);

/// <summary>What a closed month must have added up to.</summary>
internal sealed record OracleClosing(int Month, int Version, long Opening, long Closing, int Events, int Corrections, long Credits, long Pence);
