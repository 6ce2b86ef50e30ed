namespace CreditUsage.Tests.Bench;

/// <summary>What one run took.</summary>
internal readonly record struct Spent(double CpuSeconds, double WallSeconds)
{
    public Spent Per(int times) => new(CpuSeconds / times, WallSeconds / times);
}
