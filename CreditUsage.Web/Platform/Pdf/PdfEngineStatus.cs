namespace CreditUsage.Platform.Pdf;

/// <summary>How far PDFs can be trusted to the engine at present: for the health check, the log and the Administrators' banner.</summary>
/// <param name="Level">Null where the engine does not answer.</param>
/// <param name="Canary">The last self-test; null before the first has ended.</param>
/// <param name="Refusal">Why no PDF is made, in a sentence for the user; null where they are.</param>
public sealed record PdfEngineStatus(SandboxLevel? Level, PdfCanaryResult? Canary, string? Refusal)
{
    /// <summary>What an Administrator should know and have done; null where there is nothing.</summary>
    public string? Warning => Refusal ?? (Level is { } level ? Weaknesses(level) : null);

    private static string? Weaknesses(SandboxLevel level)
    {
        var weaknesses = new[] { SandboxWeakness(level.Sandbox), GuardWeakness(level.MissingGuards) }.OfType<string>().ToList();
        return weaknesses.Count == 0 ? null : string.Join(' ', weaknesses);
    }

    private static string? SandboxWeakness(PdfSandbox sandbox) => sandbox switch
    {
        PdfSandbox.None => "PDFs are made without a sandbox: whoever takes over the engine has this site's files. Install bubblewrap on the server, or allow its account to create user namespaces.",
        PdfSandbox.Namespace => "PDFs are made in a weak sandbox (Namespace): it has no network, but it sees the server's files. Install bubblewrap on the server.",
        _ => null,
    };

    private static string? GuardWeakness(string missing) => missing.Length == 0 ? null
        : $"PDFs are made without some of their guards: the server lacks {missing}. Install util-linux and coreutils on it.";
}

/// <summary>What PDFs are made with here.</summary>
/// <param name="Sandbox">The strongest that ran.</param>
/// <param name="Version">The engine's own answer, such as "wkhtmltopdf 0.12.6".</param>
/// <param name="MissingGuards">The programs that should have guarded it and are not on the machine, such as "nice, prlimit"; empty where all are.</param>
/// <param name="WhyNotStronger">What the stronger ones answered when they were tried, for the log alone; empty for the strongest.</param>
public sealed record SandboxLevel(PdfSandbox Sandbox, string Version, string MissingGuards, string WhyNotStronger)
{
    public override string ToString() => $"{Version}, {Sandbox}";
}

/// <summary>How the engine's self-test ended.</summary>
/// <param name="Sandbox">What it ran in.</param>
/// <param name="At">When.</param>
/// <param name="Problem">What was found, in a few words; null when it passed.</param>
public sealed record PdfCanaryResult(PdfSandbox Sandbox, DateTimeOffset At, string? Problem);
