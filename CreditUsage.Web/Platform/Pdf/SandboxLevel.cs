namespace CreditUsage.Platform.Pdf;

/// <summary>What PDFs are made with here.</summary>
/// <param name="Sandbox">The strongest that ran.</param>
/// <param name="Version">What the engine says of itself, such as "wkhtmltopdf 0.12.6".</param>
/// <param name="MissingGuards">The programs that should have guarded it and are not on the machine, such as "nice, prlimit"; empty where all are.</param>
/// <param name="WhyNotStronger">What the stronger ones said when they were tried, for the log alone; empty for the strongest.</param>
public sealed record SandboxLevel(PdfSandbox Sandbox, string Version, string MissingGuards, string WhyNotStronger)
{
    public override string ToString() => $"{Version}, {Sandbox}";
}
