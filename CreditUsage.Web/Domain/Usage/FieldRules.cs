using System.Text.RegularExpressions;

namespace CreditUsage.Domain.Usage;

/// <summary>The rules of the fields that usage and schedules share, and the faults found so far (domain.md, Real input).</summary>
public abstract partial class FieldRules
{
    public const int MaxIdCharacters = 100;

    private readonly List<UsageFault> _faults = [];

    protected bool TakeFaults(out IReadOnlyList<UsageFault> faults)
    {
        faults = _faults.Count == 0 ? [] : [.. _faults];
        _faults.Clear();
        return faults.Count > 0;
    }

    protected string Id(string field, string raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        var id = raw.Trim();
        if (id.Length == 0) Fault(field, "This is empty; write the id.");
        else if (id.Length > MaxIdCharacters) Fault(field, $"This has {id.Length} characters; shorten it to {MaxIdCharacters}.");
        else if (id.AsSpan().ContainsAnyExceptInRange('!', '~')) Fault(field, $"{Quote(id)} may only hold printable ASCII without spaces.");
        return id;
    }

    protected string Name(string field, string raw, bool required)
    {
        if (!RecordedName.TryNormalise(raw, out var name, out var fault)) Fault(field, $"This {fault}.");
        else if (required && name.Length == 0) Fault(field, "This is empty; write the name.");
        return name;
    }

    protected string Device(string raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        var id = raw.Trim();
        if (!TenDigits().IsMatch(id)) Fault("device_id", $"{Quote(raw)} is not a device id; write its ten digits.");
        return id;
    }

    protected void Fault(string field, string message) => _faults.Add(new UsageFault(field, message));

    /// <summary>At most 40 characters, without any that could break a line of a log or a terminal.</summary>
    internal static string Quote(string raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        var shown = raw.Length > 40 ? raw[..40] + "…" : raw;
        return $"\"{string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c))}\"";
    }

    [GeneratedRegex("^[0-9]{10}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TenDigits();
}
