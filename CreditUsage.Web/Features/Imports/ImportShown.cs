using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Credits;

namespace CreditUsage.Features.Imports;

/// <summary>An import as it is looked at.</summary>
/// <param name="Earlier">The import that stored the very same file, where there is one.</param>
/// <param name="Faults">The first of what is wrong; <see cref="UsageImport.ErrorCount"/> counts all.</param>
/// <param name="Notes">See <see cref="ImportNotes"/>.</param>
/// <param name="MayChange">Whether who looks may decide.</param>
public sealed record ImportShown(UsageImport Import, UsageImport? Earlier, IReadOnlyList<RowError> Faults, IReadOnlyList<string> Notes, bool MayChange)
{
    /// <summary>Whether Import is offered: nothing is wrong, and there is something new.</summary>
    public bool CanStore => MayChange && Import is { State: UsageImportState.Checked, ErrorCount: 0, Accepted: > 0 } && Earlier is null;

    public bool CanDiscard => MayChange && Import.State == UsageImportState.Checked;

    public string Title => Import.State == UsageImportState.Refused || Import is { State: UsageImportState.Checked, ErrorCount: > 0 } ? $"Error: Import {Import.FileName}" : $"Import {Import.FileName}";

    /// <summary>What a screen reader is told when it changes.</summary>
    public string Status => Import.IsRunning() ? "" : Import.Label();
}
