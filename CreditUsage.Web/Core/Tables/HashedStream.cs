using System.Security.Cryptography;
using CreditUsage.Platform;
using CreditUsage.Platform.Uploads;

namespace CreditUsage.Core.Tables;

/// <summary>Counts the bytes and lines of a file and hashes it while it is read.</summary>
/// <exception cref="UserFacingException">Thrown by a read beyond the bytes that <paramref name="limits"/> allow.</exception>
public sealed class HashedStream(Stream source, ImportLimits limits) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _feeds;
    private long _returns;
    private byte _last;

    public long Bytes { get; private set; }

    /// <summary>Counts LF, CR and CRLF as line ends, and a last line without one.</summary>
    public int Lines => (int)Math.Min(int.MaxValue, Math.Max(_feeds, _returns) + (Bytes == 0 || _last is (byte)'\n' or (byte)'\r' ? 0 : 1));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => Bytes; set => throw new NotSupportedException(); }

    /// <summary>Lower-case hexadecimal.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(buffer);
        Count(buffer[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        Count(buffer.Span[..read]);
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        Bytes += bytes.Length;
        if (Bytes > limits.MaxBytes) throw new FileTooLargeException(limits.TooLarge);
        _hash.AppendData(bytes);
        _feeds += bytes.Count((byte)'\n');
        _returns += bytes.Count((byte)'\r');
        _last = bytes[^1];
    }
}

public sealed record ImportLimits
{
    /// <summary>In bytes: the largest file and what the form adds.</summary>
    public const long MaxRequestBytes = LargestFile + (64 * 1024);

    private const long LargestFile = 200L * 1024 * 1024;

    public long MaxBytes { get; init; } = LargestFile;

    public int MaxRows { get; init; } = 1_000_000;

    public string MaxShown => $"{MaxBytes / (1024 * 1024)} MB";

    public string TooLarge => $"The file is larger than {MaxShown}. Split it into smaller files, each with the column names.";
}
