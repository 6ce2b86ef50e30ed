using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using CreditUsage.Core.Report;
using CreditUsage.Core.Report.Charts;

namespace CreditUsage.Core.Files;

/// <summary>What a report shows, apart from when it was asked for.</summary>
internal static class ReportContent
{
    /// <summary>How far the hash may be behind what else is done with the rows: a long month is never held whole.</summary>
    private const int MaxRowsBehind = 1000;

    /// <summary>The SHA-256 of the report's JSON, as it would be were it always asked for at the same instant; lower-case hexadecimal.</summary>
    /// <param name="sheet">The pictures that go with it, which show other months, too; null where there are none.</param>
    public static async Task<string> Sha256Async(CreditUsageReport report, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation, ChartSheet? sheet = null)
    {
        using var hash = SHA256.Create();
        await using (var hashed = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            await UsageJson.WriteAsync(hashed, report with { AsAt = DateTimeOffset.UnixEpoch }, rows, cancellation);
            if (sheet is not null) await JsonSerializer.SerializeAsync(hashed, sheet.Charts.Select(chart => chart.Bars), cancellationToken: cancellation);
        }
        return Convert.ToHexStringLower(hash.Hash!);
    }

    /// <summary>The same of rows that are written somewhere, too, in one reading.</summary>
    /// <param name="write">Reads every row; what it throws is thrown here.</param>
    public static async Task<string> Sha256Async(
        CreditUsageReport report, IAsyncEnumerable<UsageRow> rows, Func<IAsyncEnumerable<UsageRow>, Task> write, CancellationToken cancellation, ChartSheet? sheet = null)
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
                return await Sha256Async(report, copies.Reader.ReadAllAsync(cancellation), cancellation, sheet);
            }
            finally
            {
                // Were it to end early, whoever writes must not wait for it.
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
