using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace CreditUsage.Tests.Support;

public static class Axe
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>
    /// In the page itself: it has no frames. Nothing is worked out about what is as it should be. A page is the same in both themes but for its
    /// colours, so all rules are applied in the light one and those about colours in the dark one.
    /// </summary>
    private const string Run = """
        async () => (await axe.run(document, {
            resultTypes: ['violations'],
            ...(matchMedia('(prefers-color-scheme: dark)').matches ? { runOnly: ['color-contrast', 'link-in-text-block'] } : {}),
        })).violations.map(violation => `${violation.id}: ${violation.nodes[0].html}`)
        """;

    /// <summary>What axe finds on the page as it stands, a line each. Colours are looked at where they end: half-way through a transition they are nobody's choice.</summary>
    public static async Task<IReadOnlyList<string>> AxeFindsAsync(this IPage page, string stop)
    {
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await page.EvaluateAsync(Script);
        return [.. (await page.EvaluateAsync<string[]>(Run)).Select(found => $"{stop}: {found}")];
    }
}
