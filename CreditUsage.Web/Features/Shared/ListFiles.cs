using CreditUsage.Core;
using CreditUsage.Core.Lists;
using CreditUsage.Core.Tables;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Uploads;
using Microsoft.AspNetCore.Antiforgery;

namespace CreditUsage.Features.Shared;

/// <summary>Receives the files of lists, and opens them again from the form that carries them.</summary>
public sealed class ListFiles(FileForm form, IAntiforgery antiforgery, ReadList read, SealedUpload seal, StoreList store, TimeProvider clock)
{
    public StoreList Store => store;

    /// <summary>UTC.</summary>
    public DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    public Task<bool> TokenHoldsAsync(HttpContext context) => antiforgery.IsRequestValidAsync(context);

    /// <returns>Null when <paramref name="take"/> has taken the file.</returns>
    public Task<UploadRefusal?> ReadAsync(HttpContext context, Func<SentFile, Task> take) => form.ReadAsync(context, ReadList.Limits.TooLarge, take);

    /// <exception cref="UserFacingException">It cannot be read.</exception>
    public async Task<ListUpload> ReceiveAsync<T>(ListKind<T> kind, SentFile sent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(sent);
        sent.RequireEnding(FileContent.Endings, FileContent.OtherEnding);
        using var content = new MemoryStream();
        await using (var counted = new HashedStream(sent.Content, ReadList.Limits)) await counted.CopyToAsync(content, cancellation);
        await sent.EndedAsync();
        var bytes = content.ToArray();
        return new ListUpload(DisplayName.Of(sent.Name), await read.RunAsync(bytes, kind.MaxRows, cancellation), seal.Seal(kind.Many, bytes));
    }

    /// <exception cref="UserFacingException">The form carries none of this clinic and kind.</exception>
    public async Task<ListUpload> OpenAsync<T>(ListKind<T> kind, ListForm sent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(sent);
        if (seal.Open(kind.Many, sent.Upload) is not { } bytes) throw new UserFacingException("The form has expired, and nothing was stored. Choose the file again.");
        return new ListUpload(DisplayName.Of(sent.FileName), await read.RunAsync(bytes, kind.MaxRows, cancellation), sent.Upload!);
    }
}

/// <param name="FileName">As it can be shown.</param>
/// <param name="Sealed">The file as the form carries it.</param>
public sealed record ListUpload(string FileName, ListTable Table, string Sealed);

/// <summary>The form of a preview as it is sent: a select for each column, named after it.</summary>
public sealed record ListForm
{
    /// <summary>Begins the name of a column's select.</summary>
    public const string ColumnField = "column-";

    public string? Upload { get; init; }

    public string? FileName { get; init; }

    public DateStyle Dates { get; init; }

    public bool DecimalComma { get; init; }

    /// <summary>The version of the preview that was confirmed.</summary>
    public string? Shown { get; init; }

    public ListMapping Mapping(IReadOnlyList<ListColumn> columns, ListTable table, IFormCollection form)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(form);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var column in columns)
            if (WholeNumber.Read(form[ColumnField + column.Name], table.Heads.Count) is { } number and > 0) places[column.Name] = number - 1;
        return new ListMapping(places, Enum.IsDefined(Dates) ? Dates : DateStyle.Unsaid, DecimalComma);
    }
}
