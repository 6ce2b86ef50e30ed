using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Storage;

namespace CreditUsage.Core.Files;

/// <summary>
/// Writes the rows and totals of a closed month anew, as its closing did, and compares their SHA-256 with the kept one (docs/decisions/0020).
/// </summary>
internal sealed class ProveMonth(CreditUsageDb db, ReportFiles files, ProvedMonths proved) : IMonthProof
{
    /// <summary>The head of a kept file is shorter.</summary>
    private const int HeadBytes = 16 * 1024;

    public async Task<string?> DifferenceAsync(MonthClosing closing, Func<Task<CreditUsageReport>> read, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(closing);
        ArgumentNullException.ThrowIfNull(read);
        if (db.SnapshotState is not { } state) return await CompareAsync(closing, await read(), cancellation);
        if (proved.Find(closing, state, out var known)) return known;
        var found = await CompareAsync(closing, await read(), cancellation);
        proved.Keep(closing, state, found);
        return found;
    }

    public async Task<string?> CompareAsync(MonthClosing closing, CreditUsageReport whole, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(closing);
        ArgumentNullException.ThrowIfNull(whole);
        var what = KeptTotals.NameOf(closing);
        if (await WrittenAtAsync(closing, cancellation) is not { } writtenAt)
            return $"The stored rows of {what} are missing or have changed, so these figures cannot be proved. {KeptTotals.Restore}";
        if (await Sha256Async(whole with { AsAt = writtenAt, Subscription = whole.Subscription.Named(closing.ClinicName), Edition = ReportEdition.Of(closing) }, cancellation) != closing.RowsSha256)
            return $"The rows of {what} have changed since it was closed. {KeptTotals.Restore}";
        return KeptTotals.Difference([closing], _ => MonthTotals.Of(whole.All));
    }

    /// <summary>Of the rows and totals, as a closing keeps them.</summary>
    internal static async Task<string> Sha256Async(CreditUsageReport report, CancellationToken cancellation)
    {
        using var hash = SHA256.Create();
        await using (var hashed = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write)) await UsageJson.WriteAsync(hashed, report, report.RowsAsync(cancellation), cancellation);
        return Convert.ToHexStringLower(hash.Hash!);
    }

    /// <summary>The instant that stands in the kept file's head; null where the file is missing or another.</summary>
    private async Task<DateTimeOffset?> WrittenAtAsync(MonthClosing closing, CancellationToken cancellation)
    {
        if (!await files.IsIntactAsync(closing.RowsSha256, cancellation, MonthClosing.RowsExtension)) return null;
        var head = await files.HeadAsync(closing.RowsSha256, MonthClosing.RowsExtension, HeadBytes, cancellation);
        return head is null ? null : WrittenAt(head);
    }

    private static DateTimeOffset? WrittenAt(byte[] head)
    {
        try
        {
            var json = new Utf8JsonReader(head, isFinalBlock: false, default);
            while (json.Read())
                if (json is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && json.ValueTextEquals("generatedAt"u8))
                    return json.Read() && json.TryGetDateTimeOffset(out var at) ? at : null;
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What was proved of each closing, and of which state of the database.</summary>
internal sealed class ProvedMonths
{
    private readonly ConcurrentDictionary<int, (long State, string RowsSha256, string? Difference)> _proved = [];

    public bool Find(MonthClosing closing, long state, out string? difference)
    {
        var found = _proved.TryGetValue(closing.Id, out var known) && known.State == state && known.RowsSha256 == closing.RowsSha256;
        difference = found ? known.Difference : null;
        return found;
    }

    public void Keep(MonthClosing closing, long state, string? difference) => _proved[closing.Id] = (state, closing.RowsSha256, difference);
}
