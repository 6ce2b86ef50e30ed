namespace CreditUsage.Platform.Pdf;

/// <summary>The message says why no PDF was made and what to do.</summary>
public class PdfException : UserFacingException
{
    public PdfException(string message) : base(message)
    {
    }

    public PdfException(string message, Exception? inner) : base(message, inner)
    {
    }

    /// <param name="inner">For the log only.</param>
    internal static PdfException EngineFailed(string finding, Exception? inner = null) =>
        new($"The PDF engine failed ({finding}), so no PDF was made and nothing was saved. Try again, or use Print.", inner);
}

/// <summary>No PDF can be made at the moment, but it can be tried again.</summary>
public sealed class PdfBusyException(string message) : PdfException(message);

internal sealed class PdfEngineVersionException(string message) : PdfException(message);
