namespace CreditUsage.Platform.Pdf;

/// <summary>What is to become a PDF.</summary>
/// <param name="Title">The document's title.</param>
/// <param name="Subject">What it is about, in one line.</param>
/// <param name="Author">Who had it made.</param>
/// <param name="CreatedAt">Its creation date.</param>
/// <param name="Parts">At least one. They are written one after another, in order, on another thread, whether or not the engine has begun with the first.</param>
/// <param name="Tally">What must be read back from the paper; anything else is refused.</param>
public sealed record PdfSource(string Title, string Subject, string Author, DateTimeOffset CreatedAt, IReadOnlyList<PdfPart> Parts, PdfTally Tally)
{
    /// <summary>Whether the file is going to be kept, which its properties say: a copy of one that is not can never be verified.</summary>
    public bool Kept { get; init; }

    /// <summary>The id of the subscription whose turn it takes; 0 for the site itself.</summary>
    public int Owner { get; init; }

    public int Pages => Parts.Sum(part => part.Pages);

    public int Rows => Parts.Sum(part => part.Rows);
}

/// <summary>Some whole pages of it, which one run of the engine makes.</summary>
/// <param name="Pages">How many pages the HTML lays out.</param>
/// <param name="Rows">How many rows it holds, which decides how long it may take.</param>
/// <param name="WriteHtml">Writes the HTML.</param>
public sealed record PdfPart(int Pages, int Rows, Func<TextWriter, Task> WriteHtml);
