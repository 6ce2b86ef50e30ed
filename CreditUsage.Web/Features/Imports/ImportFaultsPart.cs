using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Imports;

/// <summary>Everything that is wrong with a file, in the order of its lines; the first are listed and all of them counted.</summary>
/// <param name="write">Where each goes besides; nowhere when null.</param>
public sealed class ImportFaults(Action<RowError>? write = null)
{
    /// <summary>Faults that are listed; the others are counted.</summary>
    public const int MostListed = 1000;

    private readonly List<RowError> _listed = [];
    private readonly List<RowError> _waiting = [];

    public int Count { get; private set; }

    public IReadOnlyList<RowError> Listed => _listed;

    public void Add(int line, IReadOnlyList<UsageFault> faults) => _waiting.AddRange(faults.Select(fault => new RowError(line, fault.Field, fault.Message)));

    public void Add(IReadOnlyList<(int Line, UsageFault Fault)> conflicts) => _waiting.AddRange(conflicts.Select(conflict => new RowError(conflict.Line, conflict.Fault.Field, conflict.Fault.Message)));

    /// <summary>Everything wrong so far has been added: conflicts come later than what a line shows by itself.</summary>
    public void Settle()
    {
        foreach (var fault in _waiting.OrderBy(fault => fault.Line))
        {
            if (++Count <= MostListed) _listed.Add(fault);
            write?.Invoke(fault);
        }
        _waiting.Clear();
    }
}
