using System.Text;

namespace CreditUsage.Tests.Support;

/// <summary>A file that is made line by line as it is read, and again from its beginning, so that its length costs no memory.</summary>
public sealed class GeneratedStream(IEnumerable<string> lines) : Stream
{
    private IEnumerator<string> _lines = lines.GetEnumerator();
    private ReadOnlyMemory<byte> _rest;
    private long _position;

    /// <summary>The most managed memory in use that was seen while it was read.</summary>
    public long MaxMemory { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => lines.Sum(line => (long)Encoding.UTF8.GetByteCount(line) + 2);

    public override long Position { get => _position; set => Seek(value, SeekOrigin.Begin); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_rest.IsEmpty && _lines.MoveNext()) _rest = Encoding.UTF8.GetBytes(_lines.Current + "\r\n");
        var read = Math.Min(_rest.Length, buffer.Length);
        _rest.Span[..read].CopyTo(buffer);
        _rest = _rest[read..];
        if (_position >> 20 != (_position + read) >> 20) MaxMemory = Math.Max(MaxMemory, GC.GetTotalMemory(forceFullCollection: true));
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Read(buffer.Span));
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        if (offset != 0 || origin != SeekOrigin.Begin) throw new NotSupportedException();
        _lines.Dispose();
        (_lines, _rest, _position) = (lines.GetEnumerator(), default, 0);
        return 0;
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _lines.Dispose();
        base.Dispose(disposing);
    }
}
