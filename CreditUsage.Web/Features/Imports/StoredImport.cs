using CreditUsage.Core;
using CreditUsage.Core.Intake;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Imports;

/// <summary>An import once its events are stored.</summary>
internal static class StoredImport
{
    /// <summary>Enters what the recording counted, within its transaction.</summary>
    public static void StoreAs(this UsageImport import, RecordUsage record, string by, DateTimeOffset at)
    {
        import.State = UsageImportState.Stored;
        (import.Accepted, import.Duplicates, import.ErrorCount, import.Problem) = (record.Accepted, record.Duplicates, 0, null);
        (import.StoredBy, import.StoredAt, import.IntakeId) = (by, at, record.IntakeId);
    }

    /// <summary>The audit names the file by its content: what its sender called it may name a client.</summary>
    public static string AuditSubject(this UsageImport import) => $"File {import.Sha256[..12]}";

    public static string AuditDetail(this UsageImport import) =>
        $"{import.State}: {Display.Count(import.Rows, "row", "rows")}, {Display.Number(import.Accepted)} accepted, {Display.Count(import.Duplicates, "duplicate", "duplicates")}, SHA-256 {import.Sha256}";
}
