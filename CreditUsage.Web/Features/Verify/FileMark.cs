using System.Buffers;
using System.Security.Cryptography;

namespace CreditUsage.Features.Verify;

/// <summary>What a file says of itself without being interpreted: a program that reads PDFs is no place for a stranger's file.</summary>
internal static class FileMark
{
    private const int AtOnce = 64 * 1024;

    /// <summary>How the properties of the PDFs made here name their maker.</summary>
    private static ReadOnlySpan<byte> Creator => "/Creator (CreditUsage)"u8;

    /// <returns>The SHA-256, lower-case hexadecimal, and whether the file names CreditUsage as its maker.</returns>
    public static async Task<(string Sha256, bool Marked)> ReadAsync(Stream content, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(AtOnce);
        try
        {
            var (marked, kept) = (false, 0);
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(kept), cancellation)) > 0)
            {
                hash.AppendData(buffer, kept, read);
                marked = marked || buffer.AsSpan(0, kept + read).IndexOf(Creator) >= 0;
                // The mark may lie across two reads.
                kept = KeepEnd(buffer.AsSpan(0, kept + read), buffer);
            }
            return (Convert.ToHexStringLower(hash.GetHashAndReset()), marked);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int KeepEnd(ReadOnlySpan<byte> read, Span<byte> buffer)
    {
        var end = read[^Math.Min(read.Length, Creator.Length - 1)..];
        end.CopyTo(buffer);
        return end.Length;
    }
}
