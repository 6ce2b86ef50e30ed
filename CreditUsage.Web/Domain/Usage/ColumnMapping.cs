namespace CreditUsage.Domain.Usage;

/// <summary>Which columns of a clinic's own file are those of domain.md, and how its values are written.</summary>
public sealed record ColumnMapping
{
    /// <summary>Fields that every file has a column for; of <c>kind</c>, <see cref="EveryKind"/> can take the place.</summary>
    public static readonly IReadOnlyList<string> RequiredFields = ["event_id", "kind", "occurred_at", "staff_id", "staff_name", "program"];

    /// <summary>The file's head for each field of <see cref="UsageInput.Fields"/>; a field without one is empty in every row.</summary>
    public IReadOnlyDictionary<string, string> Heads { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The kind of every row, where no column says it.</summary>
    public UsageKind? EveryKind { get; init; }

    public DateStyle Dates { get; init; }

    public FileZone Zone { get; init; }

    public DoubledHour DoubledHour { get; init; }

    public bool DecimalComma { get; init; }

    /// <summary>The required fields that have no column.</summary>
    public IEnumerable<string> Missing() => RequiredFields.Where(field => !Heads.ContainsKey(field) && !(field == "kind" && EveryKind is not null));
}

/// <summary>How a file writes its dates. ISO dates are understood with every style.</summary>
public enum DateStyle
{
    /// <summary>Each date as it can be read in one way only; others are refused.</summary>
    Unsaid = 0,
    Iso = 1,
    DayFirst = 2,
    MonthFirst = 3,
    MonthName = 4,
    ExcelNumber = 5,
}

/// <summary>The zone of instants that are written without an offset.</summary>
public enum FileZone
{
    Gmt = 0,
    London = 1,
}

/// <summary>Which instant a time is that a clock shows twice, in the night when summer time ends.</summary>
public enum DoubledHour
{
    Refuse = 0,
    SummerTime = 1,
    Gmt = 2,
}
