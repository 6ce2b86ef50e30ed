using CreditUsage.Core;
using CreditUsage.Core.Intake;

namespace CreditUsage.Features.Imports;

/// <summary>What is to be known of a file before it is stored, in sentences. Nothing in them hinders the import.</summary>
public static class ImportNotes
{
    /// <param name="ignored">Columns of the file that nobody knows.</param>
    /// <param name="record">After the whole file has gone through it.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> ignored, RecordUsage record)
    {
        ArgumentNullException.ThrowIfNull(ignored);
        ArgumentNullException.ThrowIfNull(record);
        var notes = record.Late.Select(late =>
            $"{Display.Count(late.Value, "event is", "events are")} of {late.Key.Own.Name}, which is closed: the report of {late.Key.Shown.Name} shows {(late.Value == 1 ? "it" : "them")}.").ToList();
        if (ignored.Count > 0) notes.Add($"{(ignored.Count == 1 ? "One column is" : $"{ignored.Count} columns are")} not known here and left out: {string.Join(", ", ignored)}.");
        return notes;
    }
}
