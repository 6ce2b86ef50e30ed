using System.Globalization;
using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Privacy;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Api;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Caching.Memory;

namespace CreditUsage.Features.UsageEvents;

/// <summary>Stores a call's events, all or nothing, and an Idempotency-Key's answer in the same transaction: a repeated call has one effect and one answer.</summary>
internal sealed class StoreUsage(CreditUsageDb db, CurrentSubscription current, AuditLog audit, StoredNames names, WriteThrottle turns, TimeProvider clock)
{
    private const string BeforeEvents = nameof(BeforeEvents);

    public async Task<ApiAnswer> RunAsync(UsageEventsCall call, CancellationToken cancellation)
    {
        var (records, faults) = await CheckAsync(call.Events, cancellation);
        if (faults.Count > 0 && call.IdempotencyKey is null) return Invalid(faults);
        using var turn = await turns.EnterAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await FirstAnswerAsync(call, cancellation) is { } first) return first;
        // A savepoint costs a copy of every page written, so only where the answer stays when the events are rolled back.
        if (call.IdempotencyKey is not null) await transaction.CreateSavepointAsync(BeforeEvents, cancellation);
        var (answer, stored) = faults.Count > 0 ? (Invalid(faults), false) : await RecordAsync(call, records, cancellation);
        if (call.IdempotencyKey is not null) await KeepAsync(call, answer, stored, transaction, cancellation);
        else if (stored) await transaction.CommitAsync(cancellation);
        return answer;
    }

    private async Task<(List<UsageRecord> Records, CallFaults Faults)> CheckAsync(IReadOnlyList<UsageInput> events, CancellationToken cancellation)
    {
        var startsOn = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.StartsOn).SingleAsync(cancellation);
        var validator = new UsageValidator(startsOn, clock.GetUtcNow());
        var (records, faults) = (new List<UsageRecord>(events.Count), new CallFaults(events));
        if (events.Count == 0) faults.AddNoEvents();
        for (var index = 0; index < events.Count; index++)
        {
            if (validator.Validate(events[index], out var found) is { } record) records.Add(record);
            else faults.Add(index, found);
        }
        return (records, faults);
    }

    /// <summary>Looked up under the write lock, so that a simultaneous call has been answered or has not begun.</summary>
    private async Task<ApiAnswer?> FirstAnswerAsync(UsageEventsCall call, CancellationToken cancellation)
    {
        if (call.IdempotencyKey is null) return null;
        var first = await db.IdempotentAnswers.AsNoTracking().SingleOrDefaultAsync(answer => answer.ApiKeyId == call.ApiKeyId && answer.Key == call.IdempotencyKey, cancellation);
        if (first is null || first.BodySha256 == call.BodySha256) return first is null ? null : new ApiAnswer(first.Status, first.Answer);
        return ApiAnswer.Problem(StatusCodes.Status422UnprocessableEntity, "This Idempotency-Key was used for a call with another body. Nothing was stored; use a new one for another call.");
    }

    private async Task<(ApiAnswer Answer, bool Stored)> RecordAsync(UsageEventsCall call, List<UsageRecord> records, CancellationToken cancellation)
    {
        await using var record = await RecordUsage.BeginAsync(db, UsageSource.Api, current.Actor, clock, cancellation, await names.ForAsync(db, cancellation));
        var faults = new CallFaults(call.Events);
        for (var index = 0; index < records.Count; index++) faults.Add(await record.AddAsync(index, records[index], cancellation));
        faults.Add(await record.FlushAsync(cancellation));
        if (faults.Count > 0) return (faults.Answer(StatusCodes.Status409Conflict, "conflict with what is recorded"), false);
        if (record.Accepted > 0) await CompleteAsync(record, cancellation);
        return (Accepted(record), record.Accepted > 0);
    }

    private async Task CompleteAsync(RecordUsage record, CancellationToken cancellation)
    {
        await record.CommitAsync(cancellation);
        await audit.AddAsync(AuditAction.ApiIngest, "Usage events", string.Create(CultureInfo.InvariantCulture, $"{record.Accepted} accepted, {record.Duplicates} duplicates"), cancellation);
    }

    private async Task KeepAsync(UsageEventsCall call, ApiAnswer answer, bool stored, IDbContextTransaction transaction, CancellationToken cancellation)
    {
        if (!stored) await transaction.RollbackToSavepointAsync(BeforeEvents, cancellation);
        // The context still tracks the events that were rolled back.
        db.ChangeTracker.Clear();
        db.Add(new IdempotentAnswer
        {
            SubscriptionId = db.RequireSubscriptionId(),
            ApiKeyId = call.ApiKeyId,
            Key = call.IdempotencyKey!,
            BodySha256 = call.BodySha256,
            Status = answer.Status,
            Answer = answer.Json,
            RecordedAt = clock.GetUtcNow(),
        });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static ApiAnswer Invalid(CallFaults faults) => faults.Answer(StatusCodes.Status422UnprocessableEntity, "cannot be accepted");

    private static ApiAnswer Accepted(RecordUsage record) => new(StatusCodes.Status200OK, ApiAnswer.Text(json =>
    {
        json.WriteNumber("accepted", record.Accepted);
        json.WriteNumber("duplicates", record.Duplicates);
        if (record.Late.Count == 0) return;
        json.WriteStartArray("late");
        foreach (var ((own, shown), events) in record.Late.OrderBy(late => late.Key))
        {
            json.WriteStartObject();
            json.WriteString("month", own.ToString());
            json.WriteString("report_month", shown.ToString());
            json.WriteNumber("events", events);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }));
}

/// <summary>Caches the names of subscriptions that called recently, so that a call with few events does not read thousands.</summary>
internal sealed class StoredNames(IMemoryCache cache)
{
    private static readonly TimeSpan KeptIdle = TimeSpan.FromMinutes(10);

    /// <summary>Call it before anything is added in the same transaction. A client who was anonymised meanwhile, by whichever process, is not known any more.</summary>
    public async Task<KnownNames> ForAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        var anonymised = await db.Anonymisations.CountAsync(one => one.State == AnonymisationState.Done, cancellation);
        return (await cache.GetOrCreateAsync((nameof(StoredNames), db.RequireSubscriptionId(), anonymised), entry =>
        {
            entry.SlidingExpiration = KeptIdle;
            return KnownNames.LoadAsync(db, cancellation);
        }))!;
    }
}

/// <summary>The database has one writer at a time: calls that store wait here, without a thread each; other writers still wait at the database.</summary>
internal sealed class WriteThrottle : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Dispose the result after the commit.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        return new Turn(_turn);
    }

    public void Dispose() => _turn.Dispose();

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
