using System.Buffers.Binary;
using System.IO.Compression;

namespace CreditUsage.Features.Letterheads;

/// <summary>PNG, ISO/IEC 15948, without interlacing: its pixels must unpack to exactly what its size needs.</summary>
internal static class PngLogo
{
    private const int HeaderBytes = 13, AroundChunkBytes = 12;

    /// <summary>What pixels need; text, times and profiles are left out.</summary>
    private static readonly string[] Kept = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool IsOne(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    public static LogoFile Read(ReadOnlySpan<byte> file)
    {
        var (kept, packed, header, at, name) = (new List<byte>(Signature.ToArray()), new MemoryStream(), default(byte[]), Signature.Length, "");
        while (name != "IEND")
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file[at..]);
            var chunk = file.Slice(at, checked(length + AroundChunkBytes));
            name = System.Text.Encoding.ASCII.GetString(chunk[4..8]);
            if (BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..]) != Crc32(chunk[4..^4])) throw new InvalidDataException("A checksum does not hold.");
            if ((name == "IHDR") != (header is null)) throw new InvalidDataException("The header is not first, or is there twice.");
            header ??= chunk[8..^4].ToArray();
            if (name == "IDAT") packed.Write(chunk[8..^4]);
            if (Kept.Contains(name)) kept.AddRange(chunk);
            else if (char.IsAsciiLetterUpper(name[0])) throw new InvalidDataException("A chunk is unknown.");
            at += chunk.Length;
        }
        var (width, height, bytes) = Size(header!);
        if (!Unpacks(packed, bytes)) throw new InvalidDataException("The pixels are not what the size needs.");
        return new("image/png", width, height, [.. kept]);
    }

    /// <summary>Each row begins with a byte for its filter.</summary>
    private static (int Width, int Height, long Bytes) Size(byte[] header)
    {
        if (header.Length != HeaderBytes || header is not [.., 0, 0, 0]) throw new InvalidDataException("The header is of another kind.");
        var (width, height) = LogoFile.Sized(BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        var bits = (header[8], header[9]) switch
        {
            ((1 or 2 or 4 or 8 or 16) and var depth, 0) => depth,
            ((1 or 2 or 4 or 8) and var depth, 3) => depth,
            ((8 or 16) and var depth, 2) => depth * 3,
            ((8 or 16) and var depth, 4) => depth * 2,
            ((8 or 16) and var depth, 6) => depth * 4,
            _ => throw new InvalidDataException("The colours are of another kind."),
        };
        return (width, height, height * (1L + ((((long)width * bits) + 7) / 8)));
    }

    private static bool Unpacks(MemoryStream packed, long bytes)
    {
        packed.Position = 0;
        using var pixels = new ZLibStream(packed, CompressionMode.Decompress);
        var buffer = new byte[64 * 1024];
        for (int read; (read = pixels.Read(buffer)) > 0 && bytes >= 0;) bytes -= read;
        return bytes == 0;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var next in bytes)
        {
            crc ^= next;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }
        return ~crc;
    }
}
