using CreditUsage.Core.Tables;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;

namespace CreditUsage.Features.Imports;

/// <summary>Where each field of <see cref="UsageInput"/> stands in a file's rows.</summary>
public sealed class UsageColumns
{
    private readonly IReadOnlyList<string> _heads;
    private readonly int?[] _places;

    /// <exception cref="ColumnsNeededException">There is no mapping, and the columns are not those of domain.md.</exception>
    /// <exception cref="UserFacingException">A column of the mapping, or a column that every file needs, is not there, or is there twice.</exception>
    public UsageColumns(IReadOnlyList<string> headers, FileFormat format, ColumnMapping? mapping)
    {
        ArgumentNullException.ThrowIfNull(format);
        (_heads, SeparatorName) = (Heads(headers), format.SeparatorName);
        var names = mapping is null ? OwnNames(format) : UsageInput.Fields.Select(mapping.Heads.GetValueOrDefault);
        _places = [.. names.Select(name => name is null ? (int?)null : PlaceOf(name))];
    }

    public int Count => _heads.Count;

    public string SeparatorName { get; }

    /// <summary>The column of a field, by its place in <see cref="UsageInput.Fields"/>; null where the file has none.</summary>
    public int? this[int field] => _places[field];

    /// <summary>The names of the columns, each once: one without a name, or with that of an earlier column, is named by its number.</summary>
    public static IReadOnlyList<string> Heads(IReadOnlyList<string> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var heads = new List<string>(headers.Count);
        foreach (var header in headers)
        {
            var head = RecordedName.TryNormalise(header, out var name, out _) && name.Length > 0 ? name : NumberOf(heads.Count);
            heads.Add(heads.Exists(earlier => Same(earlier, head)) && !UsageInput.Fields.Contains(head.ToLowerInvariant()) ? NumberOf(heads.Count) : head);
        }
        return heads;
    }

    /// <summary>The columns that no field is read from.</summary>
    public IEnumerable<string> Unknown() => _heads.Where((_, at) => !_places.Contains(at));

    public UsageInput Read(Func<int, string> column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return new UsageInput(Field(0), Field(1), Field(2), Field(3), Field(4), Field(5), Field(6), Field(7), Field(8), Field(9), Field(10), Field(11), Field(12));

        string Field(int field) => _places[field] is { } at ? column(at) : "";
    }

    private IEnumerable<string> OwnNames(FileFormat format)
    {
        var missing = UsageInput.Fields.Where(field => !_heads.Any(head => Same(head, field))).ToList();
        if (missing.Count > 0)
            throw new ColumnsNeededException($"The first line lacks the column {string.Join(", ", missing)}. It must be: {string.Join(',', UsageInput.Fields)}. Or name the clinic's own columns on the Imports page.");
        // A cell with a date and a time has no zone.
        if (format.IsWorkbook) throw new ColumnsNeededException("The times of a workbook have no zone. Say on the Imports page how its columns are to be read.");
        return UsageInput.Fields;
    }

    private int PlaceOf(string name)
    {
        var places = Enumerable.Range(0, _heads.Count).Where(at => Same(_heads[at], name)).ToList();
        return places switch
        {
            [var at] => at,
            [] => throw new UserFacingException($"The first line lacks the column {name}."),
            _ => throw new UserFacingException($"The first line names the column {name} twice. Name it once."),
        };
    }

    private static string NumberOf(int place) => $"number {place + 1}";

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
