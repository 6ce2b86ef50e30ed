namespace CreditUsage.Features.Home;

/// <summary>Something that somebody should look at.</summary>
/// <param name="Kind">Which of them it is, for the page's marks.</param>
/// <param name="Said">A sentence.</param>
/// <param name="Address">Where it is put right.</param>
/// <param name="Link">What to do there.</param>
public sealed record AttentionItem(string Kind, string Said, string Address, string Link);
