using System.Runtime.CompilerServices;

namespace CreditUsage.Tests.Support;

/// <summary>No site of a test waits for its settings files to change: each would take a thread and one of the system's few watchers.</summary>
internal static class UnwatchedFiles
{
    [ModuleInitializer]
    internal static void Set() => Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
}
