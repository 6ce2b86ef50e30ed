using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CreditUsage.Platform.Pdf;

/// <summary>What the engine cannot set, as updates for qpdf: title, subject, author, creation date, language and bookmarks.</summary>
internal static partial class PdfProperties
{
    private const string Language = "u:en-GB";

    /// <param name="bookmarks">Of pages of the file; none while the other parts are not in it.</param>
    public static byte[] UpdateFor(string path, PdfSource source, IReadOnlyList<PdfBookmark> bookmarks)
    {
        var structure = PdfStructure.Read(path);
        var information = new Dictionary<string, object?>
        {
            ["/Title"] = "u:" + source.Title,
            ["/Subject"] = "u:" + source.Subject,
            ["/Author"] = "u:" + source.Author,
            ["/Creator"] = "u:" + source.Creator,
            ["/Producer"] = "u:wkhtmltopdf",
            ["/CreationDate"] = "u:" + source.CreatedAt.UtcDateTime.ToString("'D:'yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture),
        };
        if (source.Keywords is { } keywords) information["/Keywords"] = "u:" + keywords;
        var objects = structure.CanUpdateCatalog ? Catalog(structure, bookmarks) : [];
        objects[structure.Information ?? throw PdfException.EngineFailed("its file has no properties")] = information;
        return Update(objects);
    }

    /// <summary>Null where the file is in a form that cannot be given any.</summary>
    public static byte[]? BookmarksFor(string path, IReadOnlyList<PdfBookmark> bookmarks)
    {
        var structure = PdfStructure.Read(path);
        return structure.CanUpdateCatalog && structure.Has(bookmarks) ? Update(Catalog(structure, bookmarks)) : null;
    }

    private static Dictionary<string, object> Catalog(PdfStructure structure, IReadOnlyList<PdfBookmark> bookmarks)
    {
        var (objects, root) = (new Dictionary<string, object>(), structure.Next);
        var catalog = new Dictionary<string, object?> { ["/Type"] = "/Catalog", ["/Pages"] = structure.PageTree, ["/Lang"] = Language };
        objects[structure.Catalog!] = catalog;
        if (bookmarks.Count == 0 || !structure.Has(bookmarks)) return objects;
        catalog["/Outlines"] = Reference(root);
        objects[Reference(root)] = new Dictionary<string, object?> { ["/Type"] = "/Outlines", ["/First"] = Reference(root + 1), ["/Last"] = Reference(root + bookmarks.Count), ["/Count"] = bookmarks.Count };
        foreach (var (place, bookmark) in bookmarks.Index())
        {
            var (own, target) = (root + 1 + place, structure.Pages[bookmark.Page - 1]);
            var item = new Dictionary<string, object?> { ["/Title"] = "u:" + bookmark.Title, ["/Parent"] = Reference(root), ["/Dest"] = new object?[] { target, "/XYZ", null, null, null } };
            if (place > 0) item["/Prev"] = Reference(own - 1);
            if (place < bookmarks.Count - 1) item["/Next"] = Reference(own + 1);
            objects[Reference(own)] = item;
        }
        return objects;
    }

    private static string Reference(int number) => string.Create(CultureInfo.InvariantCulture, $"{number} 0 R");

    private static byte[] Update(Dictionary<string, object> objects)
    {
        var header = new Dictionary<string, object> { ["jsonversion"] = 2, ["pdfversion"] = "1.4", ["pushedinheritedpageresources"] = false, ["calledgetallpages"] = false, ["maxobjectid"] = 1 };
        var values = objects.ToDictionary(one => $"obj:{one.Key}", one => new Dictionary<string, object> { ["value"] = one.Value });
        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["qpdf"] = new object[] { header, values } });
    }
}

/// <summary>Where a file that the engine or qpdf wrote has what is updated, as references such as "3 0 R". What is not found is not updated.</summary>
internal sealed partial record PdfStructure(string? Information, string? Catalog, string PageTree, IReadOnlyList<string> Pages, int Next)
{
    /// <summary>qpdf writes catalogue and pages first, the engine its pages last.</summary>
    private const int HeadBytes = 64 * 1024, TailBytes = 256 * 1024, TimeoutMilliseconds = 1000;

    public bool CanUpdateCatalog => Catalog is not null && Next > 0;

    public bool Has(IReadOnlyList<PdfBookmark> bookmarks) => bookmarks.All(bookmark => bookmark.Page <= Pages.Count);

    public static PdfStructure Read(string path)
    {
        using var file = File.OpenRead(path);
        var (head, tail) = (Text(file, 0, HeadBytes), Text(file, file.Length - TailBytes, TailBytes));
        var (catalog, kids) = (CatalogObject().Match(head), Kids().Match(head) is { Success: true } first ? first : Kids().Match(tail));
        return new(
            Found(InformationReference().Match(tail)), Found(catalog), catalog.Groups[2].Value, [.. References().Matches(kids.Groups[1].Value).Select(page => page.Value)],
            int.TryParse(Size().Match(tail).Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var size) ? size : 0);
    }

    private static string? Found(Match match) => match.Success ? $"{match.Groups[1].Value} R" : null;

    private static string Text(FileStream file, long from, int count)
    {
        file.Position = Math.Max(0, from);
        var bytes = new byte[Math.Min(count, file.Length)];
        file.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    [GeneratedRegex(@"/Info\s+(\d+ \d+)\s+R", RegexOptions.RightToLeft, TimeoutMilliseconds)]
    private static partial Regex InformationReference();

    /// <summary>One with anything else in it stays as it is.</summary>
    [GeneratedRegex(@"(?:^|\s)(\d+ 0) obj\s*<<\s*(?:/Lang \([A-Za-z-]*\)\s*)?(?:/Type /Catalog\s*)?/Pages (\d+ 0 R)\s*(?:/Type /Catalog\s*)?>>", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex CatalogObject();

    [GeneratedRegex(@"/Kids\s*\[([\d\sR]*)\]", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex Kids();

    [GeneratedRegex(@"\d+ 0 R", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex References();

    [GeneratedRegex(@"/Size (\d+)", RegexOptions.RightToLeft, TimeoutMilliseconds)]
    private static partial Regex Size();
}
