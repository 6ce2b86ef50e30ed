using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using MiniExcelLibs;

namespace CreditUsage.Tests.Support;

/// <summary>Lists that come in by file, as a browser would send them, and what the page says.</summary>
internal static class ListUploads
{
    /// <summary>Chooses a file, and answers the preview.</summary>
    public static async Task<IHtmlDocument> PreviewAsync(this Visitor visitor, string page, byte[] file, string name = "list.csv")
    {
        using var answer = await visitor.UploadAsync(file, name, page);
        return await Visitor.ReadAsync(answer);
    }

    public static Task<IHtmlDocument> PreviewAsync(this Visitor visitor, string page, params string[] lines) => visitor.PreviewAsync(page, Lines(lines));

    /// <summary>Sends the form of a preview as it stands, with some of its fields changed.</summary>
    /// <param name="handler">"Store" to confirm, "Check" to have it shown again.</param>
    public static Task<HttpResponseMessage> SendAsync(this Visitor visitor, string page, IHtmlDocument preview, string handler, params (string Name, string Value)[] changed)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        ArgumentNullException.ThrowIfNull(preview);
        var form = preview.QuerySelector<IHtmlFormElement>("form.columns-form")!;
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input").ToDictionary(input => input.Name!, input => input.Value);
        foreach (var select in form.QuerySelectorAll<IHtmlSelectElement>("select")) fields[select.Name!] = select.Value ?? "";
        foreach (var (name, value) in changed) fields[name] = value;
        return visitor.PostAsync(page, $"{page}?handler={handler}", fields);
    }

    public static async Task<IHtmlDocument> ConfirmAsync(this Visitor visitor, string page, IHtmlDocument preview, params (string Name, string Value)[] changed)
    {
        using var answer = await visitor.SendAsync(page, preview, "Store", changed);
        return answer.Headers.Location is { } next ? await visitor.PageAsync(next.OriginalString) : await Visitor.ReadAsync(answer);
    }

    /// <summary>"3 Invoice number: Line 2 has ...".</summary>
    public static IReadOnlyList<string> Faults(IParentNode preview)
    {
        ArgumentNullException.ThrowIfNull(preview);
        return [.. preview.QuerySelectorAll("[data-fault]").Select(row => $"{row.Children[0].TextContent} {row.Children[1].TextContent}: {row.Children[2].TextContent}")];
    }

    /// <summary>The rows that a preview shows, each with its line, cells and state.</summary>
    public static IReadOnlyList<string> Rows(IParentNode preview)
    {
        ArgumentNullException.ThrowIfNull(preview);
        return [.. preview.QuerySelectorAll("[data-row]").Select(row => string.Join(" | ", row.Children.Select(cell => cell.TextContent)))];
    }

    public static (string? New, string? There) Counts(IParentNode preview)
    {
        ArgumentNullException.ThrowIfNull(preview);
        return (preview.QuerySelector("[data-new]")?.GetAttribute("data-new"), preview.QuerySelector("[data-there]")?.GetAttribute("data-there"));
    }

    /// <summary>What stands in the summary above a form that was refused.</summary>
    public static string? Problem(IParentNode page)
    {
        ArgumentNullException.ThrowIfNull(page);
        return page.QuerySelector("[data-problem]")?.TextContent;
    }

    public static byte[] Lines(params string[] lines) => Encoding.UTF8.GetBytes(string.Join("\r\n", lines));

    /// <param name="rows">With the heads as names.</param>
    public static byte[] Workbook(IEnumerable<Dictionary<string, object?>> rows)
    {
        using var file = new MemoryStream();
        file.SaveAs(rows);
        return file.ToArray();
    }
}
