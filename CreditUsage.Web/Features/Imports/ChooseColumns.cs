using CreditUsage.Core.Intake;
using CreditUsage.Core.Tables;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>The step Your columns: shows how the first rows of an uploaded file are understood, and has the file checked with the columns that were chosen.</summary>
public sealed class ChooseColumns(CreditUsageDb db, ImportFiles files, OpenTableFile open, ImportReader read, ImportMappings mappings, QueueImport queue)
{
    private const int RowsLookedAt = 200;

    /// <summary>Rows that are shown as they are understood.</summary>
    private const int RowsShown = 10;

    /// <exception cref="UserFacingException">The file cannot be read.</exception>
    public async Task<ColumnsOfFile> ReadAsync(UsageImport import, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(import);
        await using var content = await files.OpenUploadAsync(import.Id, cancellation);
        await using var file = await open.RunAsync(content, cancellation, RowsLookedAt + 1);
        var rows = new List<IReadOnlyList<string>>();
        await foreach (var (_, fields, _) in TableRows.ReadAsync(file, cancellation))
        {
            if (rows.Count == 0 || fields.Count == rows[0].Count) rows.Add(fields);
            if (rows.Count > RowsLookedAt) break;
        }
        return new ColumnsOfFile(file.Format, UsageColumns.Heads(rows[0]), [.. rows.Skip(1)], await mappings.AllAsync(cancellation));
    }

    /// <summary>The first rows as they would be recorded, or what is wrong with each.</summary>
    public async Task<IReadOnlyList<UnderstoodRow>> UnderstandAsync(ColumnsOfFile file, ColumnMapping mapping, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        var columns = new UsageColumns(file.Heads, file.Format, mapping);
        var row = new UnderstandRow(file.Fitting(mapping), await read.ValidatorAsync(cancellation), new LeftOut());
        return [.. file.Rows.Take(RowsShown).Select(fields => new UnderstoodRow(row.Read(new UsageCsvRow(0, columns.Read(at => fields[at]), null), out var faults), faults))];
    }

    /// <param name="remember">The name under which the mapping is kept for other files; null for none.</param>
    /// <returns>False where the import no longer waits for a decision.</returns>
    /// <exception cref="UserFacingException">The name cannot be used.</exception>
    public async Task<bool> CheckAsync(Guid id, ColumnMapping mapping, string? remember, CancellationToken cancellation)
    {
        await using (var transaction = await db.BeginWriteAsync(cancellation))
        {
            if (await db.UsageImports.SingleOrDefaultAsync(import => import.Id == id, cancellation) is not { } import || !import.AwaitsDecision()) return false;
            if (remember is not null) await mappings.RememberAsync(remember, mapping, cancellation);
            (import.Mapping, import.LeaveOutDoubles, import.State, import.RowsDone, import.Problem) = (mapping, false, UsageImportState.Checking, 0, null);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        await queue.RunAsync(await db.UsageImports.AsNoTracking().SingleAsync(import => import.Id == id, cancellation), CancellationToken.None);
        return true;
    }
}

/// <param name="Rows">The first ones, as they stand in the file.</param>
public sealed record ColumnsOfFile(FileFormat Format, IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<ImportMapping> Remembered)
{
    /// <summary>The mapping as this file needs it: numbers of a workbook have no decimal sign of their own.</summary>
    public ColumnMapping Fitting(ColumnMapping mapping) => Format.IsWorkbook ? mapping with { DecimalComma = false } : mapping;

    /// <summary>What the import has, or a remembered mapping whose columns the file has, or a guess.</summary>
    public ColumnMapping Proposed(UsageImport import)
    {
        ArgumentNullException.ThrowIfNull(import);
        return import.Mapping ?? Remembered.FirstOrDefault(mapping => mapping.Columns.Heads.Values.All(Has))?.Columns ?? Guess();
    }

    /// <summary>Without the heads that the file does not have.</summary>
    public ColumnMapping Present(ColumnMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        return mapping with { Heads = mapping.Heads.Where(head => Has(head.Value)).ToDictionary() };
    }

    private bool Has(string head) => Heads.Contains(head, StringComparer.OrdinalIgnoreCase);

    private ColumnMapping Guess()
    {
        var heads = HeadGuess.Of(Heads);
        return new ColumnMapping { Heads = heads, Dates = HeadGuess.Dates(Values("occurred_at")), DecimalComma = !Format.IsWorkbook && HeadGuess.DecimalComma(Values("cost_gbp")) };

        IEnumerable<string> Values(string field) => heads.TryGetValue(field, out var head) ? Rows.Select(row => row[Heads.ToList().IndexOf(head)]) : [];
    }
}

/// <param name="Record">Null where the row has faults.</param>
public sealed record UnderstoodRow(UsageRecord? Record, IReadOnlyList<UsageFault> Faults);
