using CreditUsage.Platform;

namespace CreditUsage.Features.Imports;

/// <summary>Recognises a file by its first bytes, since its name and type are only the sender's word.</summary>
public static class FileContent
{
    private const int InspectedBytes = 512;
    private const string Instead = "It must be text, comma-separated and in UTF-8, with a line of column names.";

    private static readonly (byte[] Start, string What)[] Known =
    [
        ([0xFF, 0xFE], "is in UTF-16; choose CSV UTF-8 when you save it"),
        ([0xFE, 0xFF], "is in UTF-16; choose CSV UTF-8 when you save it"),
        ([0x1F, 0x8B], "is compressed with gzip; unpack it first"),
        ("PK\u0003\u0004"u8.ToArray(), "is an Excel workbook or a ZIP archive; save the sheet as CSV UTF-8"),
        ([0xD0, 0xCF, 0x11, 0xE0], "is an Excel workbook; save the sheet as CSV UTF-8"),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "is a picture"),
        ([0xFF, 0xD8, 0xFF], "is a picture"),
        ("%PDF"u8.ToArray(), "is a PDF"),
        ("MZ"u8.ToArray(), "is a program"),
        ("<"u8.ToArray(), "is a web page or XML"),
    ];

    /// <summary>Reads the first bytes and rewinds; a stream that cannot seek is not inspected.</summary>
    /// <exception cref="UserFacingException">The file is not text.</exception>
    public static async Task CheckAsync(Stream stream, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek) return;
        var (start, from) = (new byte[InspectedBytes], stream.Position);
        var bytes = start.AsMemory(0, await stream.ReadAtLeastAsync(start, InspectedBytes, throwOnEndOfStream: false, cancellation));
        stream.Position = from;
        if (WhatOf(bytes.Span) is { } what) throw new UserFacingException($"The file {what}. {Instead}");
    }

    private static string? WhatOf(ReadOnlySpan<byte> bytes)
    {
        foreach (var (start, what) in Known)
            if (bytes.StartsWith(start)) return what;
        // A NUL in a name is reported with its line; a NUL in the first line means that the file is not text.
        var firstLine = bytes.IndexOfAny((byte)'\n', (byte)'\r') is var end and >= 0 ? bytes[..end] : bytes;
        return firstLine.Contains((byte)0) ? "is no text" : null;
    }
}
