using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Imports;

public static class ImportLabels
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

    public static bool IsRunning(this UsageImport import) => import is { State: UsageImportState.Checking or UsageImportState.Storing };
}

/// <param name="Earlier">The import that stored the very same file, if any.</param>
/// <param name="Faults">The first ones; <see cref="UsageImport.ErrorCount"/> counts all.</param>
public sealed record ImportView(UsageImport Import, UsageImport? Earlier, IReadOnlyList<RowError> Faults, IReadOnlyList<string> Notes, bool MayChange)
{
    public bool CanStore => MayChange && Import is { State: UsageImportState.Checked, ErrorCount: 0, Accepted: > 0 } && Earlier is null;

    public bool CanDiscard => MayChange && Import.State == UsageImportState.Checked;

    public string Title => Import.State == UsageImportState.Refused || Import is { State: UsageImportState.Checked, ErrorCount: > 0 } ? $"Error: Import {Import.FileName}" : $"Import {Import.FileName}";

    /// <summary>Announced to screen readers when it changes.</summary>
    public string Status => Import.IsRunning() ? "" : Import.Label();
}
