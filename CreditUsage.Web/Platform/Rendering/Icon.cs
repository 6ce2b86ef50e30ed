using System.Collections.Concurrent;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace CreditUsage.Platform.Rendering;

/// <summary>A Bootstrap icon as SVG in the page. It has no name for screen readers: the words stand beside it. The build embeds those that BrowserLibraries.targets lists.</summary>
[HtmlTargetElement("icon", Attributes = "name", TagStructure = TagStructure.WithoutEndTag)]
public sealed class Icon : TagHelper
{
    private const string Prefix = "icons.";

    private static readonly ConcurrentDictionary<string, string> Paths = new(StringComparer.Ordinal);

    public string Name { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "icon");
        output.Attributes.SetAttribute("viewBox", "0 0 16 16");
        output.Attributes.SetAttribute("aria-hidden", "true");
        output.Content.SetHtmlContent(Paths.GetOrAdd(Name, Read));
    }

    /// <summary>What stands between the tags of the file.</summary>
    private static string Read(string name)
    {
        using var file = typeof(Icon).Assembly.GetManifestResourceStream(Prefix + name) ?? throw new InvalidOperationException($"BrowserLibraries.targets lists no icon {name}.");
        using var reader = new StreamReader(file);
        var svg = reader.ReadToEnd();
        return svg[(svg.IndexOf('>', StringComparison.Ordinal) + 1)..svg.LastIndexOf('<')].Trim();
    }
}
