using System.Buffers.Binary;
using CreditUsage.Platform;

namespace CreditUsage.Features.Letterheads;

/// <summary>A picture that was read as strictly as it is needed, and written anew from what was read: no metadata, and nothing after its end.</summary>
/// <param name="Type">image/png or image/jpeg.</param>
public sealed record LogoFile(string Type, int Width, int Height, byte[] Bytes)
{
    public const int MaxBytes = 200 * 1024;
    public const int MaxPixels = 1500;

    /// <exception cref="UserFacingException">It is no picture that can be printed.</exception>
    public static LogoFile Read(ReadOnlySpan<byte> file)
    {
        if (file.Length > MaxBytes) throw new UserFacingException($"The logo is larger than {MaxBytes / 1024} KB. Choose a smaller file.");
        try
        {
            var logo = PngLogo.IsOne(file) ? PngLogo.Read(file) : JpegLogo.IsOne(file) ? JpegLogo.Read(file) : throw new UserFacingException("Choose a PNG or a JPEG file.");
            return logo.Bytes.Length <= MaxBytes ? logo : throw new UserFacingException("The logo has too much detail. Choose a smaller file.");
        }
        catch (Exception problem) when (problem is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException or InvalidDataException)
        {
            throw new UserFacingException("The logo cannot be read. Save it again as a PNG, or choose another file.", problem);
        }
    }

    internal static (int Width, int Height) Sized(int width, int height) => width is > 0 and <= MaxPixels && height is > 0 and <= MaxPixels
        ? (width, height) : throw new UserFacingException($"The logo must be at most {MaxPixels} pixels wide and high.");
}

/// <summary>JPEG, ISO/IEC 10918-1: baseline or progressive, grey or in three colours.</summary>
internal static class JpegLogo
{
    private const byte Marker = 0xFF, StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, FirstRestart = 0xD0, LastRestart = 0xD7;

    /// <summary>Tables, and the interval of restarts. What programs and cameras add is left out.</summary>
    private static readonly byte[] Kept = [0xC4, 0xDB, 0xDD];

    public static bool IsOne(ReadOnlySpan<byte> file) => file is [Marker, StartOfImage, Marker, ..];

    public static LogoFile Read(ReadOnlySpan<byte> file)
    {
        var (kept, at, size) = (new List<byte> { Marker, StartOfImage }, 2, (Width: 0, Height: 0));
        while (file[at] == Marker && file[at + 1] != EndOfImage)
        {
            var (kind, end) = (file[at + 1], at + 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]));
            if (kind is 0xC0 or 0xC1 or 0xC2) size = SizeOf(file[(at + 4)..end], size);
            if (kind == StartOfScan && size.Width == 0) throw new InvalidDataException("A scan comes before the frame.");
            if (kind == StartOfScan) end = EndOfScan(file, end);
            if (kind is 0xC0 or 0xC1 or 0xC2 or StartOfScan || Kept.Contains(kind)) kept.AddRange(file[at..end]);
            else if (kind is not (>= 0xE0 or 0xFE)) throw new InvalidDataException("A segment is unknown.");
            at = end;
        }
        if (file[at] != Marker || !kept.Contains(StartOfScan)) throw new InvalidDataException("The picture has no end.");
        return new("image/jpeg", size.Width, size.Height, [.. kept, Marker, EndOfImage]);
    }

    private static (int Width, int Height) SizeOf(ReadOnlySpan<byte> frame, (int Width, int Height) before)
    {
        if (before.Width > 0 || frame[0] != 8 || frame[5] is not (1 or 3)) throw new InvalidDataException("The frame is not in eight bits of grey or three colours.");
        return LogoFile.Sized(BinaryPrimitives.ReadUInt16BigEndian(frame[3..]), BinaryPrimitives.ReadUInt16BigEndian(frame[1..]));
    }

    /// <summary>Where the next segment begins: within a scan FF is followed by 00 or a restart.</summary>
    private static int EndOfScan(ReadOnlySpan<byte> file, int at)
    {
        while (file[at] != Marker || file[at + 1] is 0 or >= FirstRestart and <= LastRestart) at++;
        return at;
    }
}
