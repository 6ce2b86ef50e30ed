using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CreditUsage.Features.Letterheads;
using CreditUsage.Platform;

namespace CreditUsage.Tests.Features.Letterheads;

/// <summary>What is taken for a logo, and what is kept of it.</summary>
public sealed class LogoFileTests
{
    /// <summary>Of a few pixels, with a JFIF header.</summary>
    private const string Jpeg = "/9j/4AAQSkZJRgABAQEAAwADAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAAkABkDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDo9W+Kljpmu6jZnxXoVtJbXMkJjk0C7kdCrEbWdZAGIwQSAAcdOaqj4yWZ/wCZ38Pj/uXb7/47W/4o8R6D4Z8RfYbu0hQ3Hly+Z5pHMjyb3YbgAqlAWb/bHFcnb/FLT5bdJJdDtYZG8/dG16+V2Rhk/wC+2JQe44z0qHUitGzWNGUldW+9f5nT+HviF/wk2qR6fpfi/R7u5Kl2jj8OXi4UdSXabCjoMnuQOpAr0yvI/DHjCx8VeLNN0mLSrdLe4sZbi5DSOzxyKwAT72AO/IyQynA7+uVSaaujOUXF2ZwPjPw94p13V5BomrQWlsbIRBTcvGyS+aGL/Ipz8qhevGT6nPnOp6/rNlqF7ZTeONNgmjdI5YzFcsY5o9gYqRBjBaM5XlcM3Bzmvf8AymMvmb+QMAY4xXk+s/A7+1tc1DUv+Ei8r7XcyT+X9i3bN7FsZ8wZxn0rGrCW8TtwlSDlatOyW2ifb+6xvw2vtT1PxddX8viSHVbdLUJNBbpcqiMdoVgHRUDHaTx1y2BjOPX64jwJ8Pm8FLeK+tT30c+0pGFaJIz/ABHZvKljhRnGQFxnk129XTTUfe3McVKDqPkd13sl+SX5CbQfX8zS0UVoc4EZooooA//Z";

    [Fact]
    public void A_logo_is_written_anew_without_what_pixels_do_not_need()
    {
        var png = LogoFile.Read([.. Png(3, 2, "tEXt", "Comment\0Ann Client"u8.ToArray()), .. "trailing"u8]);
        Assert.Equal(("image/png", 3, 2), (png.Type, png.Width, png.Height));
        Assert.Equal(Png(3, 2), png.Bytes);

        var plain = Convert.FromBase64String(Jpeg);
        byte[] exif = [0xFF, 0xE1, 0, 12, .. "Exif\0\0Here"u8];
        var jpeg = LogoFile.Read([.. plain[..2], .. exif, .. plain[2..], .. "trailing"u8]);
        Assert.Equal("image/jpeg", jpeg.Type);
        Assert.Equal(LogoFile.Read(plain).Bytes, jpeg.Bytes);
        Assert.True(jpeg.Bytes.AsSpan().IndexOf("JFIF"u8) < 0 && jpeg.Bytes.AsSpan().IndexOf("Exif"u8) < 0);
        Assert.Equal(jpeg.Bytes, LogoFile.Read(jpeg.Bytes).Bytes);
    }

    public static TheoryData<string, byte[]> NoLogos
    {
        get
        {
            var (png, jpeg) = (Png(3, 2), Convert.FromBase64String(Jpeg));
            return new()
            {
                { "nothing", [] },
                { "a PNG cut short", png[..^8] },
                { "a PNG with another byte", [.. png[..^20], (byte)(png[^20] ^ 1), .. png[^19..]] },
                { "a PNG whose pixels are fewer than its size needs", Png(3, 2, pixels: 5) },
                { "a PNG whose pixels are more than its size needs", Png(3, 2, pixels: 5_000_000) },
                { "a PNG with an unknown chunk that it needs", Png(3, 2, "EVIL", [1]) },
                { "a PNG that is too wide", Png(1501, 1) },
                { "a JPEG cut short", jpeg[..^40] },
                { "a JPEG of nothing but its beginning", jpeg[..4] },
                { "a JPEG without a frame", [0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 0xFF, 0xD9] },
                { "a GIF", "GIF89a\u0001\0\u0001\0"u8.ToArray() },
            };
        }
    }

    [Theory]
    [MemberData(nameof(NoLogos))]
    public void Anything_else_is_no_logo(string what, byte[] file)
    {
        var refused = Record.Exception(() => LogoFile.Read(file));
        Assert.True(refused is UserFacingException, $"{what}: {refused?.GetType().Name ?? "taken"}");
    }

    /// <summary>In eight bits of red, green and blue.</summary>
    internal static byte[] Png(int width, int height, string? chunk = null, byte[]? data = null, int? pixels = null)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(new byte[pixels ?? (height * (1 + (width * 3)))]);
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. chunk is null ? [] : Chunk(chunk, data!), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. data];
        var (length, crc) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        // The polynomial of ISO/IEC 15948, bit by bit.
        var rest = named.Aggregate(uint.MaxValue, (sum, next) => Enumerable.Range(0, 8).Aggregate(sum ^ next, (bits, _) => (bits & 1) == 1 ? (bits >> 1) ^ 0xEDB88320 : bits >> 1));
        BinaryPrimitives.WriteUInt32BigEndian(crc, ~rest);
        return [.. length, .. named, .. crc];
    }
}
