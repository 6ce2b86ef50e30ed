using CreditUsage.Platform;

namespace CreditUsage.Core.Tables;

/// <summary>Recognises a file by its first bytes, since its name and type are only the sender's word.</summary>
public static class FileContent
{
    public const string Empty = "The file is empty. It needs column names in the first line and one line for each row.";
    public const string OtherEnding = "Choose a file whose name ends in .csv, .txt, .tsv or .xlsx. A spreadsheet can be saved as one of them.";

    public static readonly IReadOnlyList<string> Endings = [".csv", ".txt", ".tsv", ".xlsx"];

    private const int InspectedBytes = 512;
    private const string Instead = "It must be text with column names in the first line, as a spreadsheet saves it as CSV, or an Excel workbook (.xlsx).";

    private static readonly (byte[] Start, string What)[] Known =
    [
        ([0x1F, 0x8B], "is compressed with gzip; unpack it first"),
        ([0xD0, 0xCF, 0x11, 0xE0], "is an Excel workbook of the old kind, or one with a password; save it as .xlsx or as CSV"),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "is an image"),
        ([0xFF, 0xD8, 0xFF], "is an image"),
        ("%PDF"u8.ToArray(), "is a PDF"),
        ("MZ"u8.ToArray(), "is a program"),
        ("<"u8.ToArray(), "is a web page or XML"),
    ];

    /// <summary>Reads the first bytes and rewinds.</summary>
    /// <returns>Whether it is an archive, as workbooks are.</returns>
    /// <exception cref="UserFacingException">The file is neither text nor an archive.</exception>
    public static async Task<bool> IsZipAsync(Stream stream, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var start = new byte[InspectedBytes];
        var bytes = start.AsMemory(0, await stream.ReadAtLeastAsync(start, InspectedBytes, throwOnEndOfStream: false, cancellation));
        stream.Position = 0;
        if (WhatOf(bytes.Span) is { } what) throw new UserFacingException($"The file {what}. {Instead}");
        return bytes.Span.StartsWith("PK\u0003\u0004"u8);
    }

    private static string? WhatOf(ReadOnlySpan<byte> bytes)
    {
        foreach (var (start, what) in Known)
            if (bytes.StartsWith(start)) return what;
        return null;
    }
}
