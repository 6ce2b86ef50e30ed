using System.Buffers;
using System.Text;

namespace CreditUsage.Core.Tables;

/// <summary>How a file is written, as its bytes show; a name or a type is only the sender's word.</summary>
/// <param name="Encoding">Of text.</param>
/// <param name="Separator">Between the columns of text.</param>
/// <param name="SeparatorLine">Whether the first line only names the separator, as spreadsheets write it: <c>sep=;</c>.</param>
public sealed record FileFormat(FileEncoding Encoding, char Separator, bool SeparatorLine = false, bool IsWorkbook = false)
{
    /// <summary>Enough for the column names.</summary>
    private const int InspectedChars = 64 * 1024;

    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>Such as "UTF-8, separated by commas".</summary>
    public string Name => IsWorkbook ? "an Excel workbook" : $"{EncodingName}, separated by {SeparatorName}s";

    public string SeparatorName => Separator switch { ';' => "semicolon", '\t' => "tab", _ => "comma" };

    private string EncodingName => Encoding switch
    {
        FileEncoding.Utf8 => "UTF-8",
        FileEncoding.Windows1252 => "Windows-1252",
        _ => "UTF-16",
    };

    /// <summary>Reads the file from its beginning to its end, and rewinds it.</summary>
    /// <param name="file">Can seek.</param>
    /// <exception cref="Platform.UserFacingException">It is neither text nor a workbook.</exception>
    public static async Task<FileFormat> DetectAsync(Stream file, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (await FileContent.IsZipAsync(file, cancellation)) return new FileFormat(FileEncoding.Utf8, ',', IsWorkbook: true);
        var encoding = await EncodingOfAsync(file, cancellation);
        file.Position = 0;
        using var reader = new StreamReader(file, Of(encoding), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var start = new char[InspectedChars];
        var text = start.AsMemory(0, await reader.ReadBlockAsync(start, cancellation));
        file.Position = 0;
        return Separated(encoding, text.Span);
    }

    /// <summary>The text as UTF-8, read from where the file stands; a line that only names the separator is left out.</summary>
    public async Task<Stream> Utf8Async(Stream file, CancellationToken cancellation)
    {
        var text = Encoding == FileEncoding.Utf8 ? file : System.Text.Encoding.CreateTranscodingStream(file, Of(Encoding), System.Text.Encoding.UTF8, leaveOpen: true);
        if (!SeparatorLine) return text;
        var one = new byte[1];
        while (await text.ReadAsync(one, cancellation) > 0 && one[0] != (byte)'\n')
        {
        }
        return text;
    }

    private static Encoding Of(FileEncoding encoding) => encoding switch
    {
        FileEncoding.Utf16LittleEndian => System.Text.Encoding.Unicode,
        FileEncoding.Utf16BigEndian => System.Text.Encoding.BigEndianUnicode,
        FileEncoding.Windows1252 => Windows1252,
        _ => System.Text.Encoding.UTF8,
    };

    private static FileFormat Separated(FileEncoding encoding, ReadOnlySpan<char> text)
    {
        text = text.TrimStart('\uFEFF');
        if (text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && text.Length > 5 && text[5] is '\r' or '\n' && text[4] is ',' or ';' or '\t') return new FileFormat(encoding, text[4], SeparatorLine: true);
        var (quoted, commas, semicolons, tabs) = (false, 0, 0, 0);
        foreach (var character in text)
        {
            if (character == '"') quoted = !quoted;
            if (quoted) continue;
            if (character is '\r' or '\n') break;
            if (character == ',') commas++;
            if (character == ';') semicolons++;
            if (character == '\t') tabs++;
        }
        return new FileFormat(encoding, semicolons > commas && semicolons >= tabs ? ';' : tabs > commas ? '\t' : ',');
    }

    private static async Task<FileEncoding> EncodingOfAsync(Stream file, CancellationToken cancellation)
    {
        var start = new byte[4];
        var read = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation);
        if (start.AsSpan(0, read) is [0xFF, 0xFE, ..]) return FileEncoding.Utf16LittleEndian;
        if (start.AsSpan(0, read) is [0xFE, 0xFF, ..]) return FileEncoding.Utf16BigEndian;
        // Without a mark: column names are ASCII, so every second byte is NUL.
        if (start is [not 0, 0, not 0, 0]) return FileEncoding.Utf16LittleEndian;
        if (start is [0, not 0, 0, not 0]) return FileEncoding.Utf16BigEndian;
        file.Position = 0;
        if (await IsUtf8Async(file, cancellation)) return FileEncoding.Utf8;
        file.Position = 0;
        return await IsWindows1252Async(file, cancellation) ? FileEncoding.Windows1252 : FileEncoding.Utf8;
    }

    /// <summary>Whether the file is UTF-8, or has characters that only UTF-8 makes: then its other bytes are faults, which are told with their lines.</summary>
    private static async Task<bool> IsUtf8Async(Stream file, CancellationToken cancellation)
    {
        var (buffer, kept, valid) = (new byte[InspectedChars], 0, true);
        while (true)
        {
            var read = await file.ReadAsync(buffer.AsMemory(kept), cancellation);
            var (any, left) = Inspect(buffer.AsSpan(0, kept + read), last: read == 0, ref valid);
            if (any || read == 0) return any || valid;
            buffer.AsSpan(kept + read - left, left).CopyTo(buffer);
            kept = left;
        }
    }

    /// <returns>Whether there is a character of more than one byte, and how many bytes at the end may be the beginning of one.</returns>
    private static (bool Any, int Left) Inspect(ReadOnlySpan<byte> bytes, bool last, ref bool valid)
    {
        while (bytes.IndexOfAnyExceptInRange((byte)0, (byte)0x7F) is var at and >= 0)
        {
            bytes = bytes[at..];
            var status = Rune.DecodeFromUtf8(bytes, out _, out var consumed);
            if (status == OperationStatus.Done) return (true, 0);
            if (status == OperationStatus.NeedMoreData && !last) return (false, bytes.Length);
            valid = false;
            bytes = bytes[consumed..];
        }
        return (false, 0);
    }

    /// <summary>Whether every byte beyond ASCII is a letter within a word, or a sign that text has; broken UTF-8 is not.</summary>
    private static async Task<bool> IsWindows1252Async(Stream file, CancellationToken cancellation)
    {
        using var reader = new StreamReader(file, Windows1252, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var buffer = new char[InspectedChars];
        var (before, now) = ('\0', '\0');
        int read;
        while ((read = await reader.ReadBlockAsync(buffer, cancellation)) > 0)
        {
            if (!Plausible(before, now, buffer[0])) return false;
            for (var at = 0; at < read - 1 && buffer.AsSpan(at, read - 1 - at).IndexOfAnyExceptInRange('\0', '\u007F') is var next and >= 0; at += next + 1)
                if (!Plausible(at + next > 0 ? buffer[at + next - 1] : now, buffer[at + next], buffer[at + next + 1])) return false;
            (before, now) = (read > 1 ? buffer[read - 2] : now, buffer[read - 1]);
        }
        return Plausible(before, now, '\0');
    }

    private static bool Plausible(char before, char character, char after) => character < 0x80 || "£€‘’“”–—…·°½¼¾\u00A0".Contains(character, StringComparison.Ordinal)
        || (char.IsLetter(character) && (char.IsLetter(before) || char.IsLetter(after) || after is '.' or '\''));
}

public enum FileEncoding
{
    Utf8,
    Utf16LittleEndian,
    Utf16BigEndian,
    Windows1252,
}
