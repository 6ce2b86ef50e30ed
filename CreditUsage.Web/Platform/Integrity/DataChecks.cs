using System.Collections.Concurrent;
using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Domain.Integrity;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Integrity;

/// <summary>How the latest checks ended. Kept in the database, and in memory too, since a damaged database may refuse to keep it and every page asks.</summary>
public sealed class DataChecks(IServiceScopeFactory scopes, TimeProvider clock)
{
    public const string Damaged = "The database is damaged. Restore it from a backup.";

    private readonly ConcurrentDictionary<(DataCheckKind Kind, int Of), DataCheck> _latest = [];

    public IEnumerable<DataCheck> All => _latest.Values;

    /// <summary>Whether the check of a start is still under way.</summary>
    public bool Checking { get; set; }

    public bool IsDamaged => Find(DataCheckKind.Database)?.Problem is not null;

    public DataCheck? Find(DataCheckKind kind, int of = DataCheck.Site) => _latest.GetValueOrDefault((kind, of));

    /// <exception cref="UntrustedDataException">The database is damaged.</exception>
    public void ThrowIfDamaged()
    {
        if (IsDamaged) throw new UntrustedDataException(StatusCodes.Status503ServiceUnavailable, $"{Damaged} Until then you cannot save, close, import or export.");
    }

    public async Task LoadAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        foreach (var check in await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().DataChecks.AsNoTracking().ToListAsync(cancellation))
            _latest.AddOrUpdate((check.Kind, check.Of), check, (_, known) => known.At > check.At ? known : check);
    }

    /// <summary>In memory alone, for what a start or a request finds.</summary>
    public DataCheck Note(DataCheckKind kind, string? problem, int of = DataCheck.Site)
    {
        var now = clock.GetUtcNow();
        return _latest[(kind, of)] = new DataCheck { Kind = kind, Of = of, At = now, Problem = problem, SoundAt = problem is null ? now : Find(kind, of)?.SoundAt };
    }

    public async Task RecordAsync(DataCheckKind kind, string? problem, CancellationToken cancellation, int of = DataCheck.Site)
    {
        var check = Note(kind, problem, of);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
        try
        {
            await using var transaction = await db.BeginWriteAsync(cancellation);
            await db.DataChecks.Where(before => before.Kind == kind && before.Of == of).ExecuteDeleteAsync(cancellation);
            db.Add(check);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (Exception unkept) when (DatabaseFailure.IsUnavailable(unkept))
        {
            // Then the memory has it until the next check.
        }
    }
}
