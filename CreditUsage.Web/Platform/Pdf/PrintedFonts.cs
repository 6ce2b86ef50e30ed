using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Text;
using HarfBuzzSharp;
using Buffer = HarfBuzzSharp.Buffer;

namespace CreditUsage.Platform.Pdf;

/// <summary>
/// The fonts that the PDF engine prints with, in the order in which it looks for a letter, and the widths of text in them: letters joined and put in
/// order as their script has it, without kerning, which the engine does not do. What is printed is within half a pixel of it.
/// </summary>
public sealed class PrintedFonts
{
    /// <summary>As _PaperStyle names them. What none of them has is looked for in fontconfig's order for the first.</summary>
    private static readonly string[] Families = ["Liberation Sans", "DejaVu Sans", "Noto Sans"];

    private const string Estimated = "the widths of names on paper are estimated, and some names broken early";
    private const string Usual = "/usr/bin/fc-match";

    /// <summary>Above them stands which instance of a variable font it is.</summary>
    private const int FaceBits = 0xFFFF;

    private static readonly Lazy<(PrintedFonts? Fonts, string Summary)> Found = new(Find);
    private static readonly Feature[] NoKerning = [new(Tag.Parse("kern"), 0)];

    private readonly IReadOnlyList<Lazy<Font?>> _fonts;

    /// <summary>The place of the first font that has a letter.</summary>
    private readonly ConcurrentDictionary<int, int> _placeOf = [];

    private PrintedFonts(IEnumerable<(string Path, int Index)> files) => _fonts = [.. files.Select(file => new Lazy<Font?>(() => Open(file.Path, file.Index)))];

    /// <summary>Null where they cannot be found or read on this machine.</summary>
    public static PrintedFonts? Installed => Found.Value.Fonts;

    /// <summary>For whoever runs the server.</summary>
    public static string Summary => Found.Value.Summary;

    /// <summary>In ems, on one line.</summary>
    public double WidthOf(string text)
    {
        var width = 0d;
        foreach (var (run, font) in Runs(text)) width += Shape(run, font);
        return width;
    }

    private static double Shape(string run, Font font)
    {
        using var buffer = new Buffer();
        buffer.AddUtf16(run);
        buffer.GuessSegmentProperties();
        font.Shape(buffer, NoKerning);
        var advances = 0L;
        foreach (var position in buffer.GlyphPositions) advances += position.XAdvance;
        font.GetScale(out var scale, out _);
        return (double)advances / scale;
    }

    /// <summary>Letters of one script in one font; a mark goes with its letter where that one's font has it.</summary>
    private IEnumerable<(string Run, Font Font)> Runs(string text)
    {
        var (run, place, script) = (new StringBuilder(), -1, Script.Common);
        foreach (var rune in text.EnumerateRunes())
        {
            var its = UnicodeFunctions.Default.GetScript(rune.Value);
            var neutral = its == Script.Common || its == Script.Inherited;
            var goesOn = place >= 0 && (its == Script.Inherited ? Has(place, rune.Value) : (neutral || its == script || script == Script.Common) && PlaceOf(rune.Value) == place);
            if (!goesOn)
            {
                if (run.Length > 0) yield return (run.ToString(), _fonts[place].Value!);
                run.Clear();
                (place, script) = (PlaceOf(rune.Value), neutral ? Script.Common : its);
            }
            else if (!neutral) script = its;
            run.Append(rune);
        }
        if (run.Length > 0) yield return (run.ToString(), _fonts[place].Value!);
    }

    private int PlaceOf(int letter) => _placeOf.GetOrAdd(letter, static (letter, fonts) => Math.Max(0, Enumerable.Range(0, fonts._fonts.Count).FirstOrDefault(place => fonts.Has(place, letter), -1)), this);

    private bool Has(int place, int letter) => _fonts[place].Value is { } font && font.TryGetNominalGlyph((uint)letter, out _);

    private static Font? Open(string path, int index)
    {
        // An empty file cannot be mapped.
        if (new FileInfo(path) is not { Exists: true, Length: > 0 }) return null;
        try
        {
            var face = new Face(Mapped(path), index);
            return face.GlyphCount == 0 ? null : new Font(face);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Of a font file only what is looked at comes into memory: the library's own way reads 20 MB for one with Chinese letters.</summary>
    private static Blob Mapped(string path)
    {
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        return new Blob(view.SafeMemoryMappedViewHandle.DangerousGetHandle(), checked((int)new FileInfo(path).Length), MemoryMode.ReadOnly, view.Dispose);
    }

    private static (PrintedFonts? Fonts, string Summary) Find()
    {
        try
        {
            var all = Sorted();
            var files = Families.SelectMany(family => all.Where(font => font.Families.Contains(family)).Take(1)).Concat(all).Select(font => (font.Path, font.Index)).Distinct().ToList();
            return files.Count > 0 && Open(files[0].Path, files[0].Index) is not null
                ? (new PrintedFonts(files), string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(files[0].Path)} and {files.Count - 1} to fall back on"))
                : (null, $"none found: {Estimated}. Install fontconfig and fonts-liberation.");
        }
        catch (Exception problem) when (problem is DllNotFoundException or TypeInitializationException or IOException or System.ComponentModel.Win32Exception or FormatException)
        {
            return (null, $"not to be measured ({problem.GetType().Name}): {Estimated}.");
        }
    }

    /// <summary>The order in which fontconfig would have the engine look for a letter; the environment of neither has fonts of the account's own.</summary>
    private static IReadOnlyList<(string Path, int Index, string[] Families)> Sorted()
    {
        if ((File.Exists(Usual) ? Usual : PdfPrograms.OnPath("fc-match")) is not { } program) return [];
        string[] arguments = ["-s", Families[0], "-f", "%{file}|%{index}|%{family}\n"];
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, Environment = { ["HOME"] = "/nonexistent", ["LANG"] = "C.UTF-8", ["LC_ALL"] = "" } })!;
        return [.. process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|'))
            .Where(fields => File.Exists(fields[0])).Select(fields => (fields[0], int.Parse(fields[1], CultureInfo.InvariantCulture) & FaceBits, fields[2].Split(',')))];
    }
}
