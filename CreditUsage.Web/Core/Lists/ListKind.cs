namespace CreditUsage.Core.Lists;

/// <summary>A kind of list that comes in by file: its columns, how its rows are checked, and how they are stored.</summary>
/// <typeparam name="T">What a row becomes.</typeparam>
public abstract class ListKind<T>
{
    /// <summary>Such as "purchase".</summary>
    public abstract string One { get; }

    /// <summary>Such as "purchases".</summary>
    public abstract string Many { get; }

    /// <summary>What storing them is called, such as "Record".</summary>
    public abstract string Verb { get; }

    public virtual int MaxRows => ReadList.Limits.MaxRows;

    public abstract IReadOnlyList<ListColumn> Columns { get; }

    /// <summary>Of the table of the preview; a head that is a number stands in <see cref="Amounts"/>.</summary>
    public abstract IReadOnlyList<string> Heads { get; }

    /// <summary>The heads whose cells are figures.</summary>
    public virtual IReadOnlyList<string> Amounts => [];

    public string Counted(int number) => Display.Count(number, One, Many);

    /// <summary>Invented rows for the filled sample, in the order of the columns.</summary>
    /// <param name="today">UTC.</param>
    public abstract IReadOnlyList<IReadOnlyList<string>> Sample(DateOnly today);

    /// <summary>Says of each row what it would become, that it is there already, or what is wrong with it. Stores nothing.</summary>
    public abstract Task<ListCheck<T>> CheckAsync(IReadOnlyList<ListRow> rows, CancellationToken cancellation);

    /// <summary>Stores checked rows with their audit entries, within the caller's write.</summary>
    public abstract Task StoreAsync(IReadOnlyList<T> rows, CancellationToken cancellation);
}

/// <summary>What the rows of a file would become.</summary>
public abstract class ListCheck
{
    private readonly List<CheckedRow> _rows = [];
    private readonly List<ListFault> _faults = [];
    private readonly List<string> _notes = [];

    /// <summary>As they will stand, and those that are there already.</summary>
    public IReadOnlyList<CheckedRow> Rows => _rows;

    public IReadOnlyList<ListFault> Faults => _faults;

    /// <summary>Sentences to read before the rows are stored.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Such as "Credits" and "1,250", of the rows that are new.</summary>
    public IReadOnlyList<(string Label, string Sum)> Sums { get; set; } = [];

    public int New => _rows.Count(row => !row.IsThere);

    public int There => _rows.Count(row => row.IsThere);

    public bool MayBeStored => _faults.Count == 0 && New > 0;

    /// <summary>Of all that is shown: where it differs, something has changed since.</summary>
    public string Version => FormVersion.Of(string.Join('\n', [.. _rows.Select(row => $"{row.Line}\t{row.IsThere}\t{string.Join('\t', row.Cells)}"), .. _faults.Select(fault => fault.ToString()), .. _notes]));

    /// <summary>A row that is recorded already, and is left out.</summary>
    public void AddThere(int line, params IReadOnlyList<string> cells) => _rows.Add(new CheckedRow(line, cells, IsThere: true));

    public void AddFault(int line, string? column, string message) => _faults.Add(new ListFault(line, column, message));

    public void AddNote(string sentence) => _notes.Add(sentence);

    /// <summary>Takes the faults of a row that could not be read.</summary>
    /// <returns>Whether it had none.</returns>
    public bool CanRead(ListRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        _faults.AddRange(row.Faults);
        return row.Faults.Count == 0;
    }

    protected void AddNew(int line, IReadOnlyList<string> cells) => _rows.Add(new CheckedRow(line, cells, IsThere: false));
}

public sealed class ListCheck<T> : ListCheck
{
    private readonly List<T> _toStore = [];

    public IReadOnlyList<T> ToStore => _toStore;

    /// <param name="cells">In the order of the kind's <see cref="ListKind{T}.Heads"/>.</param>
    public void Add(int line, T row, params IReadOnlyList<string> cells)
    {
        _toStore.Add(row);
        AddNew(line, cells);
    }
}

public sealed record CheckedRow(int Line, IReadOnlyList<string> Cells, bool IsThere);
