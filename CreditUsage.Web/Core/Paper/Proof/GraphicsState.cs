namespace CreditUsage.Core.Paper.Proof;

/// <summary>The part of the state that a page saves and restores (ISO 32000-1, 8.4).</summary>
internal readonly record struct GraphicsState(Transform Matrix, ClipBox Clip)
{
    public static GraphicsState Initial { get; } = new(Transform.Identity, ClipBox.Everything);
}

/// <summary>A transformation of coordinates (ISO 32000-1, 8.3).</summary>
internal readonly record struct Transform(double A, double B, double C, double D, double E, double F)
{
    public static Transform Identity { get; } = new(1, 0, 0, 1, 0, 0);

    public Transform Times(Transform outer) => new(
        (A * outer.A) + (B * outer.C), (A * outer.B) + (B * outer.D), (C * outer.A) + (D * outer.C), (C * outer.B) + (D * outer.D),
        (E * outer.A) + (F * outer.C) + outer.E, (E * outer.B) + (F * outer.D) + outer.F);

    public Transform Translated(double x, double y) => this with { E = E + (x * A) + (y * C), F = F + (x * B) + (y * D) };

    public (double X, double Y) Apply(double x, double y) => ((x * A) + (y * C) + E, (x * B) + (y * D) + F);
}

/// <summary>A rectangle on paper, in points.</summary>
internal readonly record struct ClipBox(double Left, double Bottom, double Right, double Top)
{
    private const double SlackPoints = 0.5;

    public static ClipBox Everything { get; } = new(double.MinValue, double.MinValue, double.MaxValue, double.MaxValue);

    public static ClipBox Nothing { get; } = new(double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);

    public ClipBox Including(double x, double y) => new(Math.Min(Left, x), Math.Min(Bottom, y), Math.Max(Right, x), Math.Max(Top, y));

    public ClipBox Intersect(ClipBox other) => new(Math.Max(Left, other.Left), Math.Max(Bottom, other.Bottom), Math.Min(Right, other.Right), Math.Min(Top, other.Top));

    public bool Holds(double x, double y) => x >= Left - SlackPoints && x <= Right && y >= Bottom - SlackPoints && y <= Top + SlackPoints;
}
