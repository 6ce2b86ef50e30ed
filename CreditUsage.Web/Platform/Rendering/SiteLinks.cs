using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace CreditUsage.Platform.Rendering;

/// <summary>Lets addresses of the site that are written from its root, such as "/months", lead below the path at which it is reached.</summary>
[HtmlTargetElement("a", Attributes = "href")]
[HtmlTargetElement("form", Attributes = "action")]
[HtmlTargetElement("*", Attributes = "hx-get")]
public sealed class SiteLinks : TagHelper
{
    private static readonly string[] Addresses = ["href", "action", "hx-get"];

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext View { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var path = View.HttpContext.Request.PathBase;
        if (!path.HasValue) return;
        foreach (var name in Addresses)
            if (output.Attributes.TryGetAttribute(name, out var attribute) && attribute.Value?.ToString() is ['/', ..] address)
                output.Attributes.SetAttribute(new TagHelperAttribute(name, new HtmlString(HtmlEncoder.Default.Encode(path) + address), attribute.ValueStyle));
    }
}
