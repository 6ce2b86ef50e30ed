using System.Globalization;
using System.Text.RegularExpressions;
using CreditUsage.Platform.Pdf;

namespace CreditUsage.Core.Paper.Proof;

/// <summary>Counts the printed rows and totals of a finished file with pdftotext. Unlike <see cref="ObjectReadBack"/> it also counts words that are clipped away.</summary>
internal static partial class WordReadBack
{
    /// <summary>The list of 100 pages is some 15 MB; that of 1,000 would exceed the output limit.</summary>
    private const int PagesAtOnce = 100;

    /// <exception cref="PdfException">The file cannot be read, or has more pages or fewer.</exception>
    public static async Task<PaperTally> CountAsync(FinishedPdf file, PaperTally laidOut, CancellationToken cancellation)
    {
        var (tally, pages) = (new PaperTally(laidOut.Dates, laidOut.Figures), 0);
        for (var first = 1; first <= file.Pages; first += PagesAtOnce)
        {
            // The last range asks for one page too many, so that an extra page is found.
            var last = first + PagesAtOnce <= file.Pages ? first + PagesAtOnce - 1 : file.Pages + 1;
            var list = await file.ListWordsAsync(first, last, cancellation);
            using var turn = await file.EnterAsync(cancellation);
            pages += await CountAsync(list, tally, cancellation);
        }
        return pages == file.Pages ? tally : throw ObjectReadBack.WrongPages(pages, file.Pages);
    }

    private static async Task<int> CountAsync(string list, PaperTally tally, CancellationToken cancellation)
    {
        var (pages, words) = (0, new List<Word>());
        await foreach (var line in File.ReadLinesAsync(list, cancellation))
        {
            if (line.Contains("<page ", StringComparison.Ordinal)) pages++;
            else if (line.Contains("</page>", StringComparison.Ordinal)) AddPage(words, tally);
            else if (WordOfList().Match(line) is { Success: true } match && Find(match, tally) is { } word) words.Add(word);
        }
        return pages;
    }

    private static Word? Find(Match match, PaperTally tally)
    {
        var (left, right, y, text) = (Points(match.Groups[1]), Points(match.Groups[2]), Points(match.Groups[3]), match.Groups[4].Value);
        if (tally.Dates.Holds(left)) return new Word(IsDate: true, y, text);
        if (tally.Figures.Holds(left)) return new Word(IsDate: false, y, text);
        // A figure that fills its column touches the number before it, and pdftotext takes both for one word.
        return tally.Figures.Holds(right) && AmountAtEnd().Match(text) is { Success: true } amount ? new Word(IsDate: false, y, amount.Value) : null;
    }

    private static void AddPage(List<Word> words, PaperTally tally)
    {
        var lines = new List<PaperLine>();
        foreach (var word in words.OrderBy(word => word.Y))
        {
            if (lines.Count == 0 || !lines[^1].IsAt(word.Y)) lines.Add(new PaperLine(word.Y));
            (word.IsDate ? lines[^1].Date : lines[^1].Figure).Append(word.Text);
        }
        foreach (var line in lines) line.AddTo(tally);
        words.Clear();
    }

    private static double Points(Group group) => double.Parse(group.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex("""<word xMin="(-?[\d.]+)" yMin="[^"]*" xMax="(-?[\d.]+)" yMax="(-?[\d.]+)">(.*)</word>""", RegexOptions.None, 1000)]
    private static partial Regex WordOfList();

    [GeneratedRegex(@"[-+]?£[\d,.]+$", RegexOptions.None, 1000)]
    private static partial Regex AmountAtEnd();

    /// <summary>A word of one of the two columns, and its lower edge in points from the page's upper edge.</summary>
    private readonly record struct Word(bool IsDate, double Y, string Text);
}
