using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CreditUsage.Platform.Pdf;

/// <summary>Title, subject, author and creation date as an update for qpdf: the engine cannot set them.</summary>
internal static partial class PdfProperties
{
    public static byte[] UpdateFor(string path, PdfSource source)
    {
        var information = new Dictionary<string, string>
        {
            ["/Title"] = "u:" + source.Title,
            ["/Subject"] = "u:" + source.Subject,
            ["/Author"] = "u:" + source.Author,
            ["/Creator"] = "u:" + source.Creator,
            ["/Producer"] = "u:wkhtmltopdf",
            ["/CreationDate"] = "u:" + source.CreatedAt.UtcDateTime.ToString("'D:'yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture),
        };
        if (source.Keywords is { } keywords) information["/Keywords"] = "u:" + keywords;
        var objects = new Dictionary<string, object> { [$"obj:{InformationObject(path)} R"] = new Dictionary<string, object> { ["value"] = information } };
        var header = new Dictionary<string, object> { ["jsonversion"] = 2, ["pdfversion"] = "1.4", ["pushedinheritedpageresources"] = false, ["calledgetallpages"] = false, ["maxobjectid"] = 1 };
        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["qpdf"] = new object[] { header, objects } });
    }

    private static string InformationObject(string path)
    {
        using var content = File.OpenRead(path);
        var tail = new byte[Math.Min(4096, content.Length)];
        content.Seek(-tail.Length, SeekOrigin.End);
        content.ReadExactly(tail);
        var found = Information().Match(Encoding.Latin1.GetString(tail));
        return found.Success ? found.Groups[1].Value : throw PdfException.EngineFailed("its file has no properties");
    }

    [GeneratedRegex(@"/Info\s+(\d+ \d+)\s+R", RegexOptions.RightToLeft, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Information();
}
