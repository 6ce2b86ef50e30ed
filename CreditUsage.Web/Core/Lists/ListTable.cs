using CreditUsage.Core.Tables;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using Microsoft.Extensions.Options;

namespace CreditUsage.Core.Lists;

/// <summary>A small file as it stands: its heads and rows.</summary>
/// <param name="Sha256">Of the file as it was sent, in lower-case hexadecimal.</param>
public sealed record ListTable(FileFormat Format, string Sha256, IReadOnlyList<string> Heads, IReadOnlyList<TableRow> Rows)
{
    /// <summary>A head as it can be shown: one that is empty or cannot be printed is called by its number.</summary>
    public string HeadAt(int place) => RecordedName.TryNormalise(Heads[place], out var name, out _) && name.Length > 0 ? name : $"number {place + 1}";
}

/// <summary>Reads a file that is small enough to be held.</summary>
public sealed class ReadList(IOptions<CreditUsageOptions> options)
{
    public static readonly ImportLimits Limits = new() { MaxBytes = 2 * 1024 * 1024, MaxRows = 5000 };

    private readonly OpenTableFile _open = new(Limits, options);

    /// <exception cref="UserFacingException">It is neither text with columns nor a workbook, is too large, or has no rows.</exception>
    public async Task<ListTable> RunAsync(byte[] file, int maxRows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Length == 0) throw new UserFacingException(FileContent.Empty);
        await using var table = await _open.RunAsync(new MemoryStream(file, writable: false), cancellation);
        var rows = new List<TableRow>();
        await foreach (var row in TableRows.ReadAsync(table, cancellation))
        {
            // The first one holds the heads.
            if (rows.Count > maxRows) throw new UserFacingException($"The file has more than {Display.Number(maxRows)} rows. Split it into smaller files, each with the column names.");
            rows.Add(row);
        }
        if (rows.Count == 1) throw new UserFacingException("The file has no rows below its column names.");
        return new ListTable(table.Format, table.Sha256(), rows[0].Fields, rows[1..]);
    }
}
