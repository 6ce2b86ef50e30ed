using System.Runtime.CompilerServices;
using CreditUsage.Core.Tables;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CsvHelper;

namespace CreditUsage.Features.Imports;

/// <summary>Reads the CSV of domain.md row by row, with the line each row begins on; does not validate values.</summary>
public static class UsageCsvFile
{
    /// <param name="mapping">Null for a file with the columns and values of domain.md.</param>
    /// <param name="leftOut">Receives what of the file is no event.</param>
    /// <exception cref="ColumnsNeededException">There is no mapping, and the columns are not those of domain.md.</exception>
    /// <exception cref="UserFacingException">The file is not CSV with the columns of the mapping, or has no rows.</exception>
    public static async IAsyncEnumerable<UsageCsvRow> ReadAsync(TableFile file, ColumnMapping? mapping, LeftOut leftOut, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(leftOut);
        CsvMalformedReason? malformed = null;
        await using var csv = TableRows.Open(file, record => malformed = record.Reason);
        await TableRows.ReadHeaderAsync(csv, cancellation);
        var columns = new UsageColumns(csv.Headers, file.Format, mapping);
        foreach (var name in columns.Unknown()) leftOut.Columns.Add(name);
        var any = false;
        while (await TableRows.ReadRowAsync(csv, cancellation))
        {
            if (malformed is null && TableRows.IsEmpty(csv))
            {
                leftOut.EmptyRows++;
                continue;
            }
            any = true;
            yield return Row(csv, columns, malformed, TableRows.Line(csv, file));
            malformed = null;
        }
        if (!any) throw new UserFacingException("The file has no events below its column names.");
    }

    private static string? TooLong(CsvReader csv, UsageColumns columns)
    {
        if (csv.RawRecord.Length <= TableRows.MaxFieldBytes) return null;
        for (var field = 0; field < UsageInput.Fields.Count; field++)
            if (columns[field] is { } at && csv.GetSpan(at).Length > TableRows.MaxFieldBytes) return UsageInput.Fields[field];
        return null;
    }

    private static UsageCsvRow Row(CsvReader csv, UsageColumns columns, CsvMalformedReason? malformed, int line)
    {
        if (TableRows.FaultOf(csv, malformed, columns.Count, columns.SeparatorName) is { } fault) return new(line, null, fault);
        if (TooLong(csv, columns) is { } field) return new(line, null, TableRows.TooLong, field);
        return new(line, columns.Read(csv.GetString), null);
    }
}

/// <param name="Line">The line of the file that the row begins on, from 1.</param>
public sealed record UsageCsvRow(int Line, UsageInput? Input, string? Fault, string Field = "row");

/// <summary>Nothing says which columns of the file are meant.</summary>
public sealed class ColumnsNeededException(string message) : UserFacingException(message);
