namespace CreditUsage.Platform.Pdf;

/// <summary>Too many PDFs are waited for already. Nothing is wrong with this one: it can be tried again.</summary>
public sealed class PdfBusyException() : PdfException("The server is busy making other PDFs. Wait a minute and try again.");
