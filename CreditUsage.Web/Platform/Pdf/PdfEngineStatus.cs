namespace CreditUsage.Platform.Pdf;

/// <param name="Level">Null where the engine does not answer.</param>
/// <param name="Canary">Null before the first self-test has ended.</param>
/// <param name="Refusal">Why no PDF is made, in a sentence for the user; null where they are.</param>
public sealed record PdfEngineStatus(SandboxLevel? Level, PdfCanaryResult? Canary, string? Refusal)
{
    private const string Unfiltered = "PDFs are made without a system-call filter: the server's kernel has none (seccomp), or its processor is neither x86-64 nor ARM64.";

    public string? Warning => Refusal ?? (Level is { } level ? Weaknesses(level) : null);

    private static string? Weaknesses(SandboxLevel level)
    {
        var weaknesses = new[] { SandboxWeakness(level.Sandbox), GuardWeakness(level.MissingGuards), level.IsUnfiltered ? Unfiltered : null }.OfType<string>().ToList();
        return weaknesses.Count == 0 ? null : string.Join(' ', weaknesses);
    }

    private static string? SandboxWeakness(PdfSandbox sandbox) => sandbox switch
    {
        PdfSandbox.None => "PDFs are made without a sandbox: whoever takes over the engine has this site's files. Install bubblewrap on the server, or allow its account to create user namespaces.",
        PdfSandbox.Namespace => "PDFs are made in a weak sandbox (Namespace): it has no network, but it sees the server's files and may make every system call. Install bubblewrap on the server.",
        _ => null,
    };

    private static string? GuardWeakness(string missing) => missing.Length == 0 ? null
        : $"PDFs are made without some of their guards: the server lacks {missing}. Install util-linux and coreutils on it.";
}

/// <param name="MissingGuards">Such as "nice, timeout"; empty where none is missing.</param>
/// <param name="WhyNotStronger">How the stronger sandboxes failed, for the log only; empty for the strongest.</param>
public sealed record SandboxLevel(PdfSandbox Sandbox, string Version, string MissingGuards, string WhyNotStronger)
{
    /// <summary>Since this process began.</summary>
    public PdfSandbox StrongestSoFar { get; init; } = Sandbox;

    /// <summary>Bubblewrap without a system-call filter.</summary>
    public bool IsUnfiltered { get; init; }

    public override string ToString() => $"{Version}, {Sandbox}";
}

public sealed record PdfCanaryResult(PdfSandbox Sandbox, DateTimeOffset At, string? Problem);
