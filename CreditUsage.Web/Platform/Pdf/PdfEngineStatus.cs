namespace CreditUsage.Platform.Pdf;

/// <summary>How far PDFs can be trusted to the engine at present: for the health check, the log and the Administrators' banner.</summary>
/// <param name="Tier">Null where the engine does not answer.</param>
/// <param name="Canary">The last self-test; null before the first has ended.</param>
/// <param name="Refusal">Why no PDF is made, in words for the user; null where they are.</param>
public sealed record PdfEngineStatus(SandboxLevel? Tier, PdfCanaryResult? Canary, string? Refusal)
{
    /// <summary>What an Administrator should know and have done; null where there is nothing.</summary>
    public string? Warning => Refusal ?? (Tier is { } tier ? Weaknesses(tier) : null);

    private static string? Weaknesses(SandboxLevel tier)
    {
        var weaknesses = new[] { OfTheSandbox(tier.Sandbox), OfTheGuards(tier.MissingGuards) }.OfType<string>().ToList();
        return weaknesses.Count == 0 ? null : string.Join(' ', weaknesses);
    }

    private static string? OfTheSandbox(PdfSandbox sandbox) => sandbox switch
    {
        PdfSandbox.None => "PDFs are made without a sandbox: whoever takes over the engine has this site's files. Install bubblewrap on the server, or allow its account to create user namespaces.",
        PdfSandbox.Namespace => "PDFs are made in a weak sandbox (Namespace): it has no network, but it sees the server's files. Install bubblewrap on the server.",
        _ => null,
    };

    private static string? OfTheGuards(string missing) => missing.Length == 0 ? null
        : $"PDFs are made without some of their guards: the server lacks {missing}. Install util-linux and coreutils on it.";
}
