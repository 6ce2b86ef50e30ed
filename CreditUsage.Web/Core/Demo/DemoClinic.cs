namespace CreditUsage.Core.Demo;

/// <summary>An invented clinic.</summary>
/// <param name="Domain">Of its users' addresses.</param>
/// <param name="Prefix">Its event ids and invoices begin with it.</param>
/// <param name="Staff">How many there are.</param>
/// <param name="Clients">How many there are.</param>
public sealed record DemoClinic(string Name, string Domain, int Seed, string Prefix, int Staff, int Clients)
{
    public static DemoClinic Riverside { get; } = new("Riverside Clinic", "riverside.example", Seed: 20260827, Prefix: "R", Staff: 14, Clients: 260);

    public static DemoClinic Hilltop { get; } = new("Hilltop Practice", "hilltop.example", Seed: 20261114, Prefix: "H", Staff: 5, Clients: 90);

    /// <summary>The address of its Finance Administrator.</summary>
    public string Finance => $"finance@{Domain}";

    /// <param name="start">The subscription's first day.</param>
    public DemoUsage UsageFrom(DateOnly start) => new(Seed, Prefix, Staff, Clients, start);
}
