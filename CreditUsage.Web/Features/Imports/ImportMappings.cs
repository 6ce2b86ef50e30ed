using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>The mappings of columns that a clinic remembers by name.</summary>
public sealed class ImportMappings(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    private const int Most = 100;

    public async Task<IReadOnlyList<ImportMapping>> AllAsync(CancellationToken cancellation) => await db.ImportMappings.AsNoTracking().OrderBy(mapping => mapping.Name).ToListAsync(cancellation);

    /// <exception cref="UserFacingException">There is none of that name.</exception>
    public async Task<ColumnMapping> NamedAsync(string name, CancellationToken cancellation)
    {
        var all = await AllAsync(cancellation);
        return all.FirstOrDefault(mapping => mapping.Name == name.Trim())?.Columns ?? throw new UserFacingException(all.Count == 0
            ? $"There is no mapping {name}, nor any other. Upload a file of its kind on the Imports page once, and remember its columns."
            : $"There is no mapping {name}. There are: {string.Join(", ", all.Select(mapping => mapping.Name))}.");
    }

    /// <summary>Replaces one of the same name. The audit has its number, since people name things as they like, after clients too. The caller saves and commits.</summary>
    /// <exception cref="UserFacingException">The name cannot be used, or there are too many.</exception>
    public async Task RememberAsync(string name, ColumnMapping columns, CancellationToken cancellation)
    {
        var (named, now) = (Named(name), clock.GetUtcNow());
        var mapping = await db.ImportMappings.SingleOrDefaultAsync(mapping => mapping.Name == named, cancellation);
        if (mapping is null)
        {
            if (await db.ImportMappings.CountAsync(cancellation) >= Most) throw new UserFacingException($"There are {Most} mappings, the most there can be. Remove one first.");
            db.Add(mapping = new ImportMapping { SubscriptionId = db.RequireSubscriptionId(), Name = named, Columns = columns, SavedBy = current.Actor, SavedAt = now });
        }
        else
        {
            (mapping.Columns, mapping.SavedBy, mapping.SavedAt) = (columns, current.Actor, now);
        }
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Import columns", string.Create(CultureInfo.InvariantCulture, $"Mapping {mapping.Id} saved"), cancellation);
    }

    /// <summary>False where there is none. Imports that used it keep what they used.</summary>
    public async Task<bool> RemoveAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.ImportMappings.SingleOrDefaultAsync(mapping => mapping.Id == id, cancellation) is not { } mapping) return false;
        db.Remove(mapping);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Import columns", string.Create(CultureInfo.InvariantCulture, $"Mapping {id} removed"), cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static string Named(string name) => RecordedName.TryNormalise(name, out var named, out var fault) ? named switch
    {
        "" => throw new UserFacingException("Enter a name for these columns."),
        { Length: > ImportMapping.MaxNameCharacters } => throw new UserFacingException($"The name is longer than {ImportMapping.MaxNameCharacters} characters. Enter a shorter one."),
        _ => named,
    } : throw new UserFacingException($"The name {fault}.");
}
