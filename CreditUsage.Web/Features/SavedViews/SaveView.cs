using System.Globalization;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.SavedViews;

public sealed class SaveView(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    public const int MaxCharacters = 100;
    private const int Most = 100;

    /// <summary>Replaces the owner's view of the same name. The audit has its number, since people name views as they like, after clients too.</summary>
    /// <param name="filter">Its month is not stored.</param>
    /// <exception cref="UserFacingException">The name cannot be used, or there are too many.</exception>
    public async Task RunAsync(string? name, ReportFilter filter, bool shared, bool isDefault, CancellationToken cancellation)
    {
        var named = Named(name);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var own = await db.SavedViews.Where(view => view.Owner == current.Actor).ToListAsync(cancellation);
        var view = own.FirstOrDefault(view => view.Name == named);
        if (view is null && own.Count >= Most) throw new UserFacingException($"You have {Most} views, the most there can be. Remove one first.");
        if (isDefault) own.ForEach(other => other.IsDefault = false);
        if (view is null) db.Add(view = new SavedView { SubscriptionId = db.RequireSubscriptionId(), Name = named, Owner = current.Actor, Shared = shared, IsDefault = isDefault, Query = SavedViewQuery.Of(filter), SavedAt = clock.GetUtcNow() });
        else (view.Shared, view.IsDefault, view.Query, view.SavedAt) = (shared, isDefault, SavedViewQuery.Of(filter), clock.GetUtcNow());
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Saved view", string.Create(CultureInfo.InvariantCulture, $"View {view.Id} saved{(shared ? ", shared" : "")}"), cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>False where the owner has no such view.</summary>
    public async Task<bool> RemoveAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.SavedViews.SingleOrDefaultAsync(view => view.Id == id && view.Owner == current.Actor, cancellation) is not { } view) return false;
        db.Remove(view);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Saved view", string.Create(CultureInfo.InvariantCulture, $"View {view.Id} removed"), cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static string Named(string? name) => name?.Trim() switch
    {
        null or "" => throw new UserFacingException("Enter a name for the view."),
        { Length: > MaxCharacters } => throw new UserFacingException($"The name is longer than {MaxCharacters} characters. Enter a shorter one."),
        var given when given.Any(char.IsControl) => throw new UserFacingException("The name has invisible characters. Enter letters and figures."),
        var given => given,
    };
}
