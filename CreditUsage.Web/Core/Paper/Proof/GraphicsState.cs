namespace CreditUsage.Platform.Pdf;

/// <summary>What a page saves and takes up again: where it draws and how much of that is seen.</summary>
internal readonly record struct PdfState(PdfMatrix Matrix, PdfBox Clip)
{
    public static PdfState Begin { get; } = new(PdfMatrix.None, PdfBox.Everything);
}

/// <summary>Where a page or a line of text is, as PDF has it.</summary>
internal readonly record struct PdfMatrix(double A, double B, double C, double D, double E, double F)
{
    public static PdfMatrix None { get; } = new(1, 0, 0, 1, 0, 0);

    public PdfMatrix Then(PdfMatrix outer) => new(
        (A * outer.A) + (B * outer.C), (A * outer.B) + (B * outer.D), (C * outer.A) + (D * outer.C), (C * outer.B) + (D * outer.D),
        (E * outer.A) + (F * outer.C) + outer.E, (E * outer.B) + (F * outer.D) + outer.F);

    public PdfMatrix Moved(double x, double y) => this with { E = E + (x * A) + (y * C), F = F + (x * B) + (y * D) };

    /// <summary>Where a point is drawn.</summary>
    public (double X, double Y) Place(double x, double y) => ((x * A) + (y * C) + E, (x * B) + (y * D) + F);
}

/// <summary>A rectangle on paper, in points.</summary>
internal readonly record struct PdfBox(double Left, double Bottom, double Right, double Top)
{
    /// <summary>What rounding may move a letter by.</summary>
    private const double Slack = 0.5;

    public static PdfBox Everything { get; } = new(double.MinValue, double.MinValue, double.MaxValue, double.MaxValue);

    public static PdfBox Nothing { get; } = new(double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);

    public PdfBox With(double x, double y) => new(Math.Min(Left, x), Math.Min(Bottom, y), Math.Max(Right, x), Math.Max(Top, y));

    public PdfBox And(PdfBox other) => new(Math.Max(Left, other.Left), Math.Max(Bottom, other.Bottom), Math.Min(Right, other.Right), Math.Min(Top, other.Top));

    public bool Holds(double x, double y) => x >= Left - Slack && x <= Right && y >= Bottom - Slack && y <= Top + Slack;
}
