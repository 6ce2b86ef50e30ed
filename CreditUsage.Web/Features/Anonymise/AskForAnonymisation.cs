using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Privacy;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Features.Anonymise;

/// <summary>Checks what is asked for, and hands it to the job engine.</summary>
internal sealed class AskForAnonymisation(CreditUsageDb db, CurrentSubscription current, MayAnonymise may, ISchedulerFactory schedulers, TimeProvider clock)
{
    /// <summary>What is typed to confirm it.</summary>
    public const string Word = "anonymise";

    /// <summary>The anonymisation's id, or what is wrong; then nothing has changed.</summary>
    public async Task<(Guid? Id, IReadOnlyList<Problem> Faults)> RunAsync(string clientId, string? reference, string? word, CancellationToken cancellation)
    {
        var names = await db.Clients.AsNoTracking().Where(client => client.ClientId == clientId).Select(client => client.Name).ToListAsync(cancellation);
        var faults = Faults(clientId, names, reference, word, out var kept);
        if (faults.Count > 0) return (null, faults);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.Anonymisations.AnyAsync(other => other.State == AnonymisationState.Running, cancellation)) return (null, [new("client", "Another client is being anonymised. Wait until that is done.")]);
        if (await may.RefusalAsync(clientId, cancellation) is { } refusal) return (null, [new("client", refusal)]);
        var taken = (await db.Clients.Select(client => client.ClientId).ToListAsync(cancellation)).ToHashSet(StringComparer.Ordinal);
        var asked = new Anonymisation
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            SubscriptionId = db.RequireSubscriptionId(),
            ClientId = clientId,
            Code = ClientPseudonym.Draw(taken),
            Reference = kept,
            RequestedBy = current.Actor,
            RequestedAt = clock.GetUtcNow(),
            State = AnonymisationState.Running,
        };
        db.Add(asked);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        await schedulers.QueueAsync<AnonymisationJob>(asked.SubscriptionId, asked.Id, clock, CancellationToken.None);
        return (asked.Id, []);
    }

    private static List<Problem> Faults(string clientId, List<string> names, string? reference, string? word, out string kept)
    {
        var faults = new List<Problem>();
        if (!RecordedName.TryNormalise(reference ?? "", out kept, out var fault)) faults.Add(new("reference", $"The reference {fault}."));
        else if (kept.Length == 0) faults.Add(new("reference", "Enter your reference of the request, such as Request 2026-17."));
        else if (new NamesInText(names.Select(name => (clientId, name, ""))).IsIn(kept) || kept == clientId) faults.Add(new("reference", "The reference stays for good, so it must not name the client. Enter a number of yours."));
        if (!string.Equals(word?.Trim(), Word, StringComparison.OrdinalIgnoreCase)) faults.Add(new("word", $"Type {Word} to confirm."));
        if (names.Count == 0) faults.Add(new("client", "No client has this id."));
        return faults;
    }
}

/// <summary>What would become of a client's traces.</summary>
internal sealed class PreviewAnonymisation(CreditUsageDb db, MayAnonymise may)
{
    /// <summary>Null where no client has the id, or one that was anonymised.</summary>
    public async Task<ClientTraces?> RunAsync(string clientId, CancellationToken cancellation)
    {
        if (ClientPseudonym.IsOne(clientId) || !await db.Clients.AnyAsync(client => client.ClientId == clientId, cancellation)) return null;
        var who = await WhoseNames.ReadAsync(db, new Anonymisation { ClientId = clientId, Code = "", Reference = "", RequestedBy = "", RequestedAt = default, State = AnonymisationState.Running }, cancellation);
        var kept = await KeptFiles.ReadAsync(db, cancellation);
        var affected = new AffectedFiles(db, who, kept);
        var closed = ClosedMonths.Of(kept.Closings);
        var months = await who.Events(db.UsageEvents).GroupBy(usage => usage.ReportMonth).Select(month => new { Month = month.Key, Events = month.Count(), Named = month.Count(usage => usage.EventId.Contains(clientId)) }).ToListAsync(cancellation);
        var audited = (await db.AuditEntries.AsNoTracking().Where(entry => entry.Detail.Contains(clientId)).Select(entry => entry.Detail).ToListAsync(cancellation)).Count(who.Names.Text.IsIn);
        return new ClientTraces(
            clientId,
            [.. who.Names.Clients.Values.Select(client => client.FormerName)],
            months.Sum(month => month.Events),
            [.. months.Where(month => !closed.IsClosed(month.Month)).Select(month => month.Month).Order()],
            [.. months.Where(month => closed.IsClosed(month.Month)).Select(month => month.Month).Order()],
            (await affected.ClosingsAsync(cancellation)).Count,
            (await affected.ReportsAsync(cancellation)).Count,
            await db.TopUpSchedules.CountAsync(schedule => schedule.ClientId == clientId, cancellation),
            months.Sum(month => month.Named),
            audited,
            await may.RefusalAsync(clientId, cancellation));
    }
}

/// <param name="Names">Every one that the client has had.</param>
/// <param name="Kept">Versions of closed months, and of those that were reopened, which are looked through.</param>
/// <param name="EventIds">Ids of events that contain the client's id: they stay, as the system that they came from knows them by.</param>
/// <param name="Audited">Entries of the audit with the client's id, which nobody can change.</param>
/// <param name="Refusal">What to do first; null where nothing is in the way.</param>
internal sealed record ClientTraces(
    string ClientId, IReadOnlyList<string> Names, int Events, IReadOnlyList<UsageMonth> Open, IReadOnlyList<UsageMonth> Closed, int Kept, int Reports, int Schedules, int EventIds, int Audited, string? Refusal);
