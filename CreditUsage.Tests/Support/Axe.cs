using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CreditUsage.Tests.Support;

public static class Axe
{
    /// <summary>What axe finds on the page as it stands, a line each. Colours are looked at where they end: half-way through a transition they are nobody's choice.</summary>
    public static async Task<IReadOnlyList<string>> AxeFindsAsync(this IPage page, string stop)
    {
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        return [.. (await page.RunAxe()).Violations.Select(violation => $"{stop}: {violation.Id}: {violation.Nodes[0].Html}")];
    }
}
