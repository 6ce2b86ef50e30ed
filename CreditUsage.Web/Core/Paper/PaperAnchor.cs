using System.Buffers;
using System.Globalization;
using System.Text;
using CreditUsage.Data.Auditing;

namespace CreditUsage.Core.Paper;

/// <summary>The newest entry of the audit in a saved PDF's keywords: whoever holds the file can show that the audit had that entry.</summary>
public static class PaperAnchor
{
    private const string Mark = "CreditUsage audit ";

    private const int HashCharacters = 64;

    /// <summary>"CreditUsage audit 412 9f86d08…"; null before the first entry.</summary>
    public static string? Of(AuditHead? head) => head is null ? null : string.Create(CultureInfo.InvariantCulture, $"{Mark}{head.Sequence} {head.Hash}");

    /// <summary>Null in a file that has none, such as those of earlier versions of the program. The file is searched, not interpreted, as /verify does.</summary>
    public static async Task<AuditHead?> ReadAsync(Stream pdf, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pdf);
        var buffer = ArrayPool<byte>.Shared.Rent((int)pdf.Length);
        try
        {
            await pdf.ReadExactlyAsync(buffer.AsMemory(0, (int)pdf.Length), cancellation);
            return Read(buffer.AsSpan(0, (int)pdf.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static AuditHead? Read(ReadOnlySpan<byte> pdf)
    {
        var at = pdf.LastIndexOf(Encoding.ASCII.GetBytes(Mark));
        if (at < 0) return null;
        var rest = pdf[(at + Mark.Length)..];
        if (rest.IndexOf((byte)' ') is not (> 0 and var end) || rest.Length < end + 1 + HashCharacters) return null;
        return long.TryParse(rest[..end], CultureInfo.InvariantCulture, out var sequence) ? new(sequence, Encoding.ASCII.GetString(rest.Slice(end + 1, HashCharacters))) : null;
    }
}
