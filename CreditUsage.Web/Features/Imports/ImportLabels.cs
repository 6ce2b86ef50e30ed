using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Imports;

/// <summary>How far an import has got, in words.</summary>
public static class ImportStates
{
    public static string Label(this UsageImport import)
    {
        ArgumentNullException.ThrowIfNull(import);
        return import.State switch
        {
            UsageImportState.Checking => "Being checked",
            UsageImportState.Checked when import.ErrorCount > 0 => "Has errors",
            UsageImportState.Checked when import.Accepted == 0 => "Nothing new",
            UsageImportState.Checked => "Waiting for Import",
            UsageImportState.Storing => "Being stored",
            UsageImportState.Stored => "Imported",
            UsageImportState.Refused => "Refused",
            UsageImportState.Discarded => "Discarded",
            _ => throw new InvalidOperationException($"There is no import in the state {import.State}."),
        };
    }

    /// <summary>Whether a job has it.</summary>
    public static bool IsRunning(this UsageImport import) => import is { State: UsageImportState.Checking or UsageImportState.Storing };
}
