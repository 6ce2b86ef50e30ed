using System.Buffers;
using System.Security.Cryptography;

namespace CreditUsage.Features.Verify;

/// <summary>Finds what a file claims without interpreting it: a PDF parser should not be given a stranger's file.</summary>
internal static class FileMark
{
    private const int AtOnce = 64 * 1024;

    /// <summary>The creator in the properties of saved PDFs.</summary>
    private static ReadOnlySpan<byte> Creator => "/Creator (CreditUsage)"u8;

    /// <summary>The creator in PDFs that were not saved.</summary>
    private static ReadOnlySpan<byte> CreatorOfUnkept => "/Creator (CreditUsage, not kept)"u8;

    /// <returns>The SHA-256 in lower-case hexadecimal, and the file's claim.</returns>
    public static async Task<(string Sha256, FileClaim Claim)> ReadAsync(Stream content, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(AtOnce);
        try
        {
            var (claim, kept) = (FileClaim.None, 0);
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(kept), cancellation)) > 0)
            {
                hash.AppendData(buffer, kept, read);
                if (buffer.AsSpan(0, kept + read).IndexOf(Creator) >= 0) claim = FileClaim.Kept;
                else if (claim == FileClaim.None && buffer.AsSpan(0, kept + read).IndexOf(CreatorOfUnkept) >= 0) claim = FileClaim.NotKept;
                // The mark may span two reads.
                kept = KeepEnd(buffer.AsSpan(0, kept + read), buffer);
            }
            return (Convert.ToHexStringLower(hash.GetHashAndReset()), claim);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int KeepEnd(ReadOnlySpan<byte> read, Span<byte> buffer)
    {
        var end = read[^Math.Min(read.Length, CreatorOfUnkept.Length - 1)..];
        end.CopyTo(buffer);
        return end.Length;
    }
}
