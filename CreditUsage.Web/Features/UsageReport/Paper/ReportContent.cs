using System.Security.Cryptography;
using CreditUsage.Features.UsageReport.Files;

namespace CreditUsage.Features.UsageReport.Paper;

/// <summary>What a report shows, apart from when it was asked for.</summary>
internal static class ReportContent
{
    /// <summary>The SHA-256 of the report's JSON, as it would be were it always asked for at the same instant; lower-case hexadecimal.</summary>
    public static async Task<string> Sha256Async(CreditUsageReport report, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        using var hash = SHA256.Create();
        await using (var hashed = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
            await UsageJson.WriteAsync(hashed, report with { AsAt = DateTimeOffset.UnixEpoch }, rows, cancellation);
        return Convert.ToHexStringLower(hash.Hash!);
    }
}
