using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace CreditUsage.Core.Report;

/// <summary>All conditions must hold; of the values of one, any will do. People are identified by their own ids, devices by their ten digits.</summary>
/// <param name="Client">Codes in an accountant's copy; <see cref="NoClient"/> for shared cards.</param>
/// <param name="Program">Rows, or names where those were asked for before addresses had rows: see <see cref="ProgramKey"/>.</param>
/// <param name="Text">Contained in a name, a device's id or note, or the event's id, by the rules of <see cref="NameSearch"/>.</param>
public sealed record RowFilter(FilterValues Staff, FilterValues Client, FilterValues Program, FilterValues Device, DateOnly? From, DateOnly? To, string? Text)
{
    /// <summary>The value of client= for shared cards.</summary>
    public const string NoClient = "-";

    public const string NoClientLabel = "Nobody (shared cards)";

    public static RowFilter None { get; } = new([], [], [], [], null, null, null);

    /// <summary>Without what names a client or an illness, and without a client's id, which the audit could never lose again.</summary>
    public RowFilter Audited => this with { Text = null, Client = [], Program = [.. Program.Where(key => ProgramKey.RowOf(key) is not null)] };

    public IEnumerable<(string Name, string Value)> Parameters => NameKindLabels.All.SelectMany(kind => Of(kind), (kind, value) => (kind.Parameter(), (string?)value))
        .Concat([("from", Day(From)), ("to", Day(To)), ("q", Text)]).Where(parameter => parameter.Item2 is not null)!;

    public FilterValues Of(NameKind kind) => kind switch { NameKind.Staff => Staff, NameKind.Client => Client, NameKind.Program => Program, _ => Device };

    public RowFilter With(NameKind kind, FilterValues values) => kind switch
    {
        NameKind.Staff => this with { Staff = values },
        NameKind.Client => this with { Client = values },
        NameKind.Program => this with { Program = values },
        _ => this with { Device = values },
    };

    public RowFilter Without(NameKind kind, string value) => With(kind, [.. Of(kind).Where(kept => kept != value)]);

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>The values of one filter, each once and in order, so that the same choice is the same report; none where it is not set.</summary>
[CollectionBuilder(typeof(FilterValues), nameof(Of))]
public sealed class FilterValues : IReadOnlyList<string>, IEquatable<FilterValues>
{
    public const int Max = 50;

    private readonly IReadOnlyList<string> _values;

    private FilterValues(IReadOnlyList<string> values) => _values = values;

    public int Count => _values.Count;

    public string this[int index] => _values[index];

    public static FilterValues Of(ReadOnlySpan<string> values) => new([.. values.ToArray().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    public bool Equals(FilterValues? other) => other is not null && _values.SequenceEqual(other._values);

    public override bool Equals(object? obj) => Equals(obj as FilterValues);

    public override int GetHashCode() => string.Join('\n', _values).GetHashCode(StringComparison.Ordinal);

    public IEnumerator<string> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
