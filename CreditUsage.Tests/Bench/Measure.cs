namespace CreditUsage.Tests.Bench;

/// <summary>Something measured beside its reference.</summary>
/// <param name="Unit">Of both figures, such as "ms CPU" or "MB".</param>
/// <param name="Limit">How many times the reference it may be; null where the figure is only for knowing.</param>
internal sealed record Measure(string Name, double Ours, double Reference, string Unit, double? Limit)
{
    /// <exception cref="InvalidOperationException">A figure could not be read: nothing takes no time and no memory.</exception>
    public Measure Checked() => Ours > 0 && Reference > 0 ? this : throw new InvalidOperationException($"{Name} could not be measured: {Ours} and {Reference} {Unit}.");

    public double Ratio => Ours / Reference;

    public string Verdict => Limit is null ? "" : Ratio <= Limit ? "within" : "over";

    public static Measure Cpu(string name, (Spent Ours, Spent Reference) medians, double? limit) =>
        new(name, medians.Ours.CpuSeconds * 1000, medians.Reference.CpuSeconds * 1000, "ms CPU", limit);

    public static Measure Wall(string name, (Spent Ours, Spent Reference) medians) =>
        new(name, medians.Ours.WallSeconds * 1000, medians.Reference.WallSeconds * 1000, "ms wall", null);

    public static Measure Memory(string name, long oursBytes, long referenceBytes) =>
        new(name, oursBytes / 1e6, referenceBytes / 1e6, "MB", null);
}
