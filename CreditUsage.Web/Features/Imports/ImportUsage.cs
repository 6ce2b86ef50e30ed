using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>Brings a file of usage events in: everything is checked, and all of it is stored or nothing is.</summary>
public sealed class ImportUsage(CreditUsageDb db, CurrentSubscription current, TimeProvider clock)
{
    /// <summary>Bad rows that are listed; the others are counted.</summary>
    public const int ListedErrors = 1000;

    /// <param name="stream">The CSV of domain.md, read once and never held whole.</param>
    /// <param name="dryRun">Whether to check only.</param>
    /// <param name="cancellation">Stops the import; nothing is stored then.</param>
    /// <exception cref="UserFacingException">The file as a whole cannot be read.</exception>
    public async Task<ImportResult> RunAsync(Stream stream, bool dryRun, CancellationToken cancellation)
    {
        var subscription = await db.Subscriptions.AsNoTracking().SingleAsync(subscription => subscription.Id == db.RequireSubscriptionId(), cancellation);
        var validator = new UsageValidator(subscription.StartsOn, clock.GetUtcNow());
        var errors = new RowErrors(ListedErrors);
        await using var record = await RecordUsage.BeginAsync(db, UsageSource.Import, current.Actor, clock.GetUtcNow(), cancellation);
        await foreach (var row in UsageCsvFile.ReadAsync(stream, cancellation))
        {
            if (Valid(row, validator, errors) is { } valid) errors.Add(await record.AddAsync(row.Line, valid, cancellation));
        }
        errors.Add(await record.FlushAsync(cancellation));
        var stored = errors.Count == 0 && !dryRun;
        if (stored) await record.CommitAsync(cancellation);
        return new ImportResult(record.Accepted, record.Duplicates, errors.Count, errors.Listed, stored);
    }

    private static UsageRecord? Valid(UsageCsvRow row, UsageValidator validator, RowErrors errors)
    {
        if (row.Input is null)
        {
            errors.Add([(row.Line, new UsageFault("row", row.Fault!))]);
            return null;
        }
        var record = validator.Validate(row.Input, out var faults);
        if (faults.Count > 0) errors.Add(faults.Select(fault => (row.Line, fault)));
        return record;
    }

    private sealed class RowErrors(int most)
    {
        private readonly List<RowError> _listed = [];

        public int Count { get; private set; }

        public IReadOnlyList<RowError> Listed => _listed.OrderBy(error => error.Line).ToList();

        public void Add(IEnumerable<(int Line, UsageFault Fault)> faults)
        {
            foreach (var (line, fault) in faults)
            {
                Count++;
                if (_listed.Count < most) _listed.Add(new RowError(line, fault.Field, fault.Message));
            }
        }
    }
}

/// <summary>What an import did, or would do.</summary>
/// <param name="Accepted">Events that are new.</param>
/// <param name="Duplicates">Events that were recorded before, with the same content.</param>
/// <param name="ErrorCount">Everything wrong, of which <paramref name="Errors"/> lists the first.</param>
/// <param name="Stored">Whether the new events are in the database now: never when there is an error.</param>
public sealed record ImportResult(int Accepted, int Duplicates, int ErrorCount, IReadOnlyList<RowError> Errors, bool Stored);

/// <summary>What is wrong in a line of the file and what to do about it.</summary>
public sealed record RowError(int Line, string Field, string Message);
