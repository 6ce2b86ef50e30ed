using CreditUsage.Platform;
using CreditUsage.Platform.Storage;
using CreditUsage.Platform.Uploads;
using Microsoft.Extensions.Options;

namespace CreditUsage.Core.Tables;

/// <summary>A file with columns, opened to be read once as UTF-8 text, whatever it was written as.</summary>
/// <param name="scratch">A copy that goes with the file, if one was made.</param>
public sealed class TableFile(FileFormat format, HashedStream original, Stream text, Stream? scratch) : IAsyncDisposable
{
    public FileFormat Format => format;

    /// <summary>UTF-8.</summary>
    public Stream Text => text;

    /// <summary>Of the file as it was sent. What was read is counted, so read the text to its end first.</summary>
    public long Bytes => original.Bytes;

    /// <summary>Of the file as it was sent, in lower-case hexadecimal. Read the text to its end first.</summary>
    public string Sha256() => original.Sha256();

    public async ValueTask DisposeAsync()
    {
        await text.DisposeAsync();
        await original.DisposeAsync();
        if (scratch is not null) await scratch.DisposeAsync();
    }
}

/// <summary>Detects how a file is written and opens it. A workbook, and what cannot be read twice, is first written to a file of which nothing stays.</summary>
public sealed class OpenTableFile(ImportLimits limits, IOptions<CreditUsageOptions> options)
{
    /// <param name="content">Not disposed with the file where it can seek.</param>
    /// <param name="rows">How many rows of a workbook are wanted, the column names among them.</param>
    /// <exception cref="UserFacingException">It is neither text nor a workbook, or is too large.</exception>
    public async Task<TableFile> RunAsync(Stream content, CancellationToken cancellation, int? rows = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        var copy = content.CanSeek ? null : await ScratchAsync(file => CopyAsync(content, file, cancellation));
        try
        {
            return await OpenAsync(copy ?? content, copy, rows, cancellation);
        }
        catch
        {
            if (copy is not null) await copy.DisposeAsync();
            throw;
        }
    }

    private async Task<TableFile> OpenAsync(Stream content, Stream? copy, int? rows, CancellationToken cancellation)
    {
        if (content.Length > limits.MaxBytes) throw new FileTooLargeException(limits.TooLarge);
        var format = await FileFormat.DetectAsync(content, cancellation);
        var original = new HashedStream(content, limits);
        if (!format.IsWorkbook) return new TableFile(format, original, await format.Utf8Async(original, cancellation), copy);
        if (rows is null) await original.CopyToAsync(Stream.Null, cancellation);
        // With one row more than is allowed, so that the reader refuses it.
        return new TableFile(format, original, await ScratchAsync(csv => Workbook.WriteCsvAsync(content, csv, rows ?? limits.MaxRows + 2, cancellation)), copy);
    }

    private async Task<Stream> ScratchAsync(Func<Stream, Task> write)
    {
        var scratch = ScratchFile.Create(options.Value.DataFolder);
        try
        {
            await write(scratch);
            scratch.Position = 0;
            return scratch;
        }
        catch
        {
            await scratch.DisposeAsync();
            throw;
        }
    }

    private async Task CopyAsync(Stream content, Stream copy, CancellationToken cancellation)
    {
        await using var counted = new HashedStream(content, limits);
        await counted.CopyToAsync(copy, cancellation);
    }
}
