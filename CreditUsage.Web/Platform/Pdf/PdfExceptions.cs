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

    /// <summary>A program failed, or its file is not what was asked for.</summary>
    /// <param name="finding">What was found, in a few words that a user may read.</param>
    /// <param name="inner">What the program wrote, for the log alone.</param>
    internal static PdfException EngineFailed(string finding, Exception? inner = null) =>
        new($"The PDF engine failed ({finding}), so no PDF was made and nothing was saved. Try again, or use Print.", inner);
}

/// <summary>No PDF can be made at the moment, and nothing is wrong with this one: it can be tried again.</summary>
public sealed class PdfBusyException(string message) : PdfException(message);

/// <summary>The engine answers, and is not one that may be used.</summary>
internal sealed class PdfEngineVersionException(string message) : PdfException(message);
