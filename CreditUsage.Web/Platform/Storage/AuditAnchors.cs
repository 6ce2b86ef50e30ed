using System.Text.Json;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Storage;

/// <summary>The newest audit entry of each subscription at several times, one line of JSON each, outside the database. Lines are only added.</summary>
public sealed class AuditAnchors(IOptions<CreditUsageOptions> options)
{
    public const string FileName = "audit-anchor.json";

    private string FilePath => Path.Combine(options.Value.DataFolder, FileName);

    public async Task AppendAsync(AuditAnchor anchor, CancellationToken cancellation)
    {
        await using var file = PrivateFile.Append(FilePath);
        await file.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(anchor, JsonSerializerOptions.Web), (byte)'\n'], cancellation);
        file.Flush(flushToDisk: true);
    }

    /// <summary>In order. A line that a killed process left half written is none.</summary>
    public async Task<IReadOnlyList<AuditAnchor>> ReadAsync(CancellationToken cancellation)
    {
        if (!File.Exists(FilePath)) return [];
        return [.. (await File.ReadAllLinesAsync(FilePath, cancellation)).Select(Parse).OfType<AuditAnchor>()];
    }

    private static AuditAnchor? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditAnchor>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

public sealed record AuditAnchor(int Subscription, long Sequence, string Hash, DateTimeOffset At);
