namespace CreditUsage.Platform.Pdf;

/// <summary>How far PDFs can be trusted to the engine at present: for the health check, the log and the Administrators' banner.</summary>
/// <param name="Tier">Null where the engine does not answer.</param>
/// <param name="Canary">The last self-test; null before the first has ended.</param>
/// <param name="Refusal">Why no PDF is made, in words for the user; null where they are.</param>
public sealed record PdfStanding(PdfTier? Tier, PdfCanaryResult? Canary, string? Refusal)
{
    /// <summary>What an Administrator should know and have done; null where there is nothing.</summary>
    public string? Warning => Refusal ?? Tier?.Sandbox switch
    {
        PdfSandbox.None => "PDFs are made without a sandbox: whoever takes over the engine has this site's files. Install bubblewrap on the server, or allow its account to create user namespaces.",
        PdfSandbox.Namespace => "PDFs are made in a weak sandbox (Namespace): it has no network, but it sees the server's files. Install bubblewrap on the server.",
        _ => null,
    };
}
