using System.Security.Cryptography;
using System.Threading.Channels;
using CreditUsage.Core.Report;

namespace CreditUsage.Core.Files;

internal static class ReportContent
{
    /// <summary>Rows that the hash may lag behind the writer, so that a long month is never held in memory.</summary>
    private const int MaxRowsBehind = 1000;

    /// <summary>SHA-256 of the report's JSON with a fixed instant and without what an edition says of itself, lower-case hexadecimal.</summary>
    public static async Task<string> Sha256Async(CreditUsageReport report, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        using var hash = SHA256.Create();
        await using (var hashed = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write)) await UsageJson.WriteEveryRowAsync(hashed, report with { AsAt = DateTimeOffset.UnixEpoch, Edition = null }, rows, cancellation);
        return Convert.ToHexStringLower(hash.Hash!);
    }

    public static async Task<string> Sha256Async(CreditUsageReport report, IAsyncEnumerable<UsageRow> rows, Func<IAsyncEnumerable<UsageRow>, Task> write, CancellationToken cancellation)
    {
        var copies = Channel.CreateBounded<UsageRow>(MaxRowsBehind);
        var hash = HashAsync();
        try
        {
            await write(CopiedAsync());
        }
        finally
        {
            copies.Writer.TryComplete();
        }
        return await hash;

        async Task<string> HashAsync()
        {
            try
            {
                return await Sha256Async(report, copies.Reader.ReadAllAsync(cancellation), cancellation);
            }
            finally
            {
                // If hashing ends early, the writer must not wait for it.
                copies.Writer.TryComplete();
            }
        }

        async IAsyncEnumerable<UsageRow> CopiedAsync()
        {
            await foreach (var row in rows.WithCancellation(cancellation))
            {
                await copies.Writer.WriteAsync(row, cancellation);
                yield return row;
            }
        }
    }
}
