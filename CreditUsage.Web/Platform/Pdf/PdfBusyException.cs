namespace CreditUsage.Platform.Pdf;

/// <summary>No PDF can be made at the moment, and nothing is wrong with this one: it can be tried again.</summary>
public sealed class PdfBusyException(string message) : PdfException(message);
