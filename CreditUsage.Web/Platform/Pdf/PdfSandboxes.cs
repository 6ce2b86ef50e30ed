namespace CreditUsage.Platform.Pdf;

/// <summary>The sandboxes that are tried, strongest first. The last resort is none, which needs no trying.</summary>
public sealed record PdfSandboxes(IReadOnlyList<PdfSandbox> Tried)
{
    public static readonly PdfSandboxes All = new([PdfSandbox.Bubblewrap, PdfSandbox.Namespace]);
}
