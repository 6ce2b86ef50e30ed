namespace CreditUsage.Tests.Support;

/// <summary>Tests that measure memory or deadlines: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}
