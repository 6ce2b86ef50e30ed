using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace CreditUsage.Tests.Support;

public static class Axe
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>
    /// In the page itself, which has no frames, when a change of theme has been drawn. Nothing is worked out about what is as it should be.
    /// Of a long table the first rows stand for the others, which have the same two styles: with a thousand rows axe would not end.
    /// </summary>
    private const string Run = """
        async rules => {
            await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
            const context = document.querySelector('.usage-table tbody tr:nth-child(101)') ? { exclude: [['.usage-table tbody tr:nth-child(n + 101):not(:last-child)']] } : document;
            const { violations } = await axe.run(context, { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) });
            return violations.map(violation => `${violation.id}: ${violation.nodes[0].html}`);
        }
        """;

    /// <summary>A page is the same in both themes but for its colours.</summary>
    private static readonly string[] ColourRules = ["color-contrast", "link-in-text-block"];

    /// <summary>What axe finds on the page as it stands, a line each, in both themes. Colours are looked at where they end: half-way through a transition they are nobody's choice.</summary>
    public static async Task<IReadOnlyList<string>> AxeFindsAsync(this IPage page, string stop)
    {
        await page.EvaluateAsync(Script);
        return [.. await FindAsync(page, stop, ColorScheme.Light, null), .. await FindAsync(page, stop, ColorScheme.Dark, ColourRules)];
    }

    private static async Task<IEnumerable<string>> FindAsync(IPage page, string stop, ColorScheme theme, string[]? rules)
    {
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce, ColorScheme = theme });
        return (await page.EvaluateAsync<string[]>(Run, rules)).Select(found => $"{stop}, {theme}: {found}");
    }
}
