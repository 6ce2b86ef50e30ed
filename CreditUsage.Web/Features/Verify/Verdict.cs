namespace CreditUsage.Features.Verify;

/// <summary>What is said of a file. It tells nothing that does not stand in the file, but what has become of it since.</summary>
/// <param name="Heading">In a few words.</param>
/// <param name="Sentence">What the file is, and why that is said.</param>
/// <param name="Sha256">Of the file, lower-case hexadecimal.</param>
public sealed record Verdict(Standing Standing, string Heading, string Sentence, string Sha256);
