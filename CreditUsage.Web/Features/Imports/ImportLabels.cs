using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Imports;

/// <summary>How far an import has got, in words.</summary>
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

    /// <summary>Whether a job has it.</summary>
    public static bool IsRunning(this UsageImport import) => import is { State: UsageImportState.Checking or UsageImportState.Storing };
}

/// <summary>An import as it is looked at.</summary>
/// <param name="Earlier">The import that stored the very same file, where there is one.</param>
/// <param name="Faults">The first of what is wrong; <see cref="UsageImport.ErrorCount"/> counts all.</param>
/// <param name="Notes">See <see cref="ImportNotes"/>.</param>
/// <param name="MayChange">Whether who looks may decide.</param>
public sealed record ImportView(UsageImport Import, UsageImport? Earlier, IReadOnlyList<RowError> Faults, IReadOnlyList<string> Notes, bool MayChange)
{
    /// <summary>Whether Import is offered: nothing is wrong, and there is something new.</summary>
    public bool CanStore => MayChange && Import is { State: UsageImportState.Checked, ErrorCount: 0, Accepted: > 0 } && Earlier is null;

    public bool CanDiscard => MayChange && Import.State == UsageImportState.Checked;

    public string Title => Import.State == UsageImportState.Refused || Import is { State: UsageImportState.Checked, ErrorCount: > 0 } ? $"Error: Import {Import.FileName}" : $"Import {Import.FileName}";

    /// <summary>What a screen reader is told when it changes.</summary>
    public string Status => Import.IsRunning() ? "" : Import.Label();
}
