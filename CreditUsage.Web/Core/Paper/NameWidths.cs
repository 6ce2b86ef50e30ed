using CreditUsage.Core.Report;

namespace CreditUsage.Core.Paper;

/// <summary>Inner widths in px of the columns that hold names; that of a hidden one holds any name.</summary>
internal sealed record NameWidths(int Kind, int Staff, int Client, int Program)
{
    /// <summary>In px, as _PaperStyle has it.</summary>
    private const int Padding = 4;

    public static NameWidths Of(UsageColumns columns)
    {
        var widths = columns.Visible.Zip(PdfLayout.WidthsOf(columns)).ToDictionary(column => column.First, column => column.Second - Padding);
        int Width(UsageColumn column) => widths.GetValueOrDefault(column, int.MaxValue);
        return new(Width(UsageColumn.Kind), Width(UsageColumn.Staff), Width(UsageColumn.Client), Width(UsageColumn.Program));
    }

    public int CountLines(UsageRow row)
    {
        var lines = Math.Max(TextMeasurer.CountLines(row.Staff, Staff), Math.Max(TextMeasurer.CountLines(row.ClientOrCard, Client), TextMeasurer.CountLines(row.Program, Program)));
        return row.Mark is null ? lines : Math.Max(lines, TextMeasurer.CountLines(row.KindAndMark, Kind));
    }

    /// <summary>The row as it is printed, its names wrapped where they need more than a line or are in another script than Latin.</summary>
    public UsageRow Wrap(UsageRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (IsPlain(row)) return row;
        return row with
        {
            PaperClass = TextMeasurer.RowClass(CountLines(row), wrapped: true),
            WrappedKind = TextMeasurer.Wrap(row.KindAndMark, Kind),
            Staff = TextMeasurer.Wrap(row.Staff, Staff),
            Client = TextMeasurer.Wrap(row.ClientOrCard, Client),
            Program = TextMeasurer.Wrap(row.Program, Program),
        };
    }

    private bool IsPlain(UsageRow row) => TextMeasurer.IsPlain(row.Staff, Staff) && TextMeasurer.IsPlain(row.ClientOrCard, Client) && TextMeasurer.IsPlain(row.Program, Program)
        && (row.Mark is null || TextMeasurer.IsPlain(row.KindAndMark, Kind));
}
