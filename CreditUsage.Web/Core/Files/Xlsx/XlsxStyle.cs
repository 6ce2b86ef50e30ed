namespace CreditUsage.Core.Files.Xlsx;

/// <summary>How a cell looks: the place of its format in the style part of <see cref="XlsxParts"/>.</summary>
internal enum XlsxStyle
{
    /// <summary>Every empty cell's, where a reader may put a formula of their own.</summary>
    General,

    /// <summary>Kept as text when it is edited, too: what begins with an equals sign never becomes a formula.</summary>
    Text,
    Heading,
    Date,
    Time,
    Number,
    Pounds,
    TotalText,
    TotalNumber,
    TotalPounds,
}
