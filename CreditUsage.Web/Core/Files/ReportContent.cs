using System.Security.Cryptography;
using System.Text.Json;
using CreditUsage.Core.Report;
using CreditUsage.Core.Report.Charts;

namespace CreditUsage.Core.Files;

/// <summary>What a report shows, apart from when it was asked for.</summary>
internal static class ReportContent
{
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
}
