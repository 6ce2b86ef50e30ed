namespace CreditUsage.Platform.Pdf;

/// <summary>The engine answers, and is not one that may be used.</summary>
internal sealed class PdfEngineVersionException(string message) : PdfException(message);
