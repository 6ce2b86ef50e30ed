using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report;

/// <summary>Holds what the database has of a closed month against what was kept of it. An interface because the files that it needs are written of reports.</summary>
public interface IMonthProof
{
    /// <summary>What differs, as a sentence; null where nothing does. Remembers the answer until anything is written.</summary>
    /// <param name="read">Reads the whole month in the current snapshot; called only where there is no answer yet.</param>
    Task<string?> DifferenceAsync(MonthClosing closing, Func<Task<CreditUsageReport>> read, CancellationToken cancellation);

    /// <summary>The same, from the rows and the kept file themselves.</summary>
    Task<string?> CompareAsync(MonthClosing closing, CreditUsageReport whole, CancellationToken cancellation);
}
