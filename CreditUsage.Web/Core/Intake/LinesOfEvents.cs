using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CreditUsage.Core.Intake;

/// <summary>The line of each event of a file, in a few bytes each: ids are kept by the first eight bytes of their SHA-256.</summary>
internal sealed class LinesOfEvents
{
    private readonly Dictionary<long, int> _lines = [];

    public int? this[string eventId] => _lines.TryGetValue(KeyOf(eventId), out var line) ? line : null;

    public void Add(string eventId, int line) => _lines[KeyOf(eventId)] = line;

    private static long KeyOf(string eventId)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(eventId.Length)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(eventId, bytes)], hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }
}
