namespace CreditUsage.Platform.Pdf;

/// <summary>A PDF could not be made. The message says why and what to do.</summary>
public class PdfException : UserFacingException
{
    public PdfException(string message) : base(message)
    {
    }

    public PdfException(string message, Exception? inner) : base(message, inner)
    {
    }
}
