using System.Buffers;

namespace CreditUsage.Core.Paper.Proof;

/// <summary>A growing buffer from the shared pool: a new array for each page of a long file would be megabytes of garbage.</summary>
internal sealed class PooledBytes : IDisposable
{
    private const int FirstBytes = 64 * 1024;
    private byte[] _array = ArrayPool<byte>.Shared.Rent(FirstBytes);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _array.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public Span<byte> Overwrite(int count)
    {
        Clear();
        return Grow(count);
    }

    public void Add(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Grow(bytes.Length));

    public MemoryStream Slice(int from, int count) => new(_array, from, count, writable: false);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_array);

    private Span<byte> Grow(int count)
    {
        if (_array.Length - Length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + count), _array.Length * 2));
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_array);
            _array = larger;
        }
        Length += count;
        return _array.AsSpan(Length - count, count);
    }
}
