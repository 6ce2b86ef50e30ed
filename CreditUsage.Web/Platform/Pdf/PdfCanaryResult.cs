namespace CreditUsage.Platform.Pdf;

/// <summary>How the engine's self-test ended.</summary>
/// <param name="Sandbox">What it ran in.</param>
/// <param name="At">When.</param>
/// <param name="Problem">What was found, in a few words; null when it passed.</param>
public sealed record PdfCanaryResult(PdfSandbox Sandbox, DateTimeOffset At, string? Problem);
