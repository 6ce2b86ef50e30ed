using CsvHelper;

namespace CreditUsage.Core.Lists;

/// <summary>The columns of a list as a CSV file that spreadsheets open: empty, or with a few rows that everybody can see are invented.</summary>
public static class ListTemplate
{
    public const string ContentType = "text/csv; charset=utf-8";

    public static byte[] Write(IReadOnlyList<ListColumn> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, CsvWriterOptions.Default with { WriteByteOrderMark = true }, leaveOpen: true))
        {
            foreach (var row in rows.Prepend([.. columns.Select(column => column.Name)]))
            {
                foreach (var field in row) csv.WriteField(field);
                csv.EndRecord();
            }
        }
        return bytes.ToArray();
    }
}
