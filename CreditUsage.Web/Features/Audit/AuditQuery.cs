using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Core.Files;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Auditing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Audit;

public sealed class AuditQuery(CreditUsageDb db)
{
    public const int PageEntries = 100;

    public async Task<(IReadOnlyList<AuditEntry> Entries, bool HasMore)> PageAsync(AuditFilter filter, CancellationToken cancellation)
    {
        var entries = await Entries(filter).Take(PageEntries + 1).ToListAsync(cancellation);
        return (entries.Take(PageEntries).ToList(), entries.Count > PageEntries);
    }

    public IAsyncEnumerable<AuditEntry> AllAsync(AuditFilter filter) => Entries(filter).AsAsyncEnumerable();

    /// <summary>Checks the whole chain in one snapshot.</summary>
    /// <returns>How many entries hold, and the number of the first that does not.</returns>
    public async Task<(long Entries, long? FirstBroken)> CheckAsync(CancellationToken cancellation)
    {
        await db.BeginSnapshotAsync(cancellation);
        var checkedChain = await AuditChain.CheckAsync(db, cancellation);
        await db.EndSnapshotAsync();
        return checkedChain;
    }

    private IQueryable<AuditEntry> Entries(AuditFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var entries = db.AuditEntries.AsNoTracking();
        if (filter.From is { } from)
        {
            var first = Midnight(from);
            entries = entries.Where(entry => entry.At >= first);
        }
        if (filter.To is { } to)
        {
            var end = Midnight(to.AddDays(1));
            entries = entries.Where(entry => entry.At < end);
        }
        if (filter.Who is { } who) entries = entries.Where(entry => entry.Actor.Contains(who));
        if (filter.Action is { } action) entries = entries.Where(entry => entry.Action == action);
        if (filter.WithoutApi) entries = entries.Where(entry => entry.Action != AuditAction.ApiRead);
        if (filter.Before is { } before) entries = entries.Where(entry => entry.Sequence < before);
        return entries.OrderByDescending(entry => entry.Sequence);
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}

/// <summary>Null fields match any entry. Days are UTC and inclusive.</summary>
/// <param name="WithoutApi">Leaves out what keys have read.</param>
/// <param name="Before">Only entries before this number; paging uses it.</param>
public sealed record AuditFilter(DateOnly? From, DateOnly? To, string? Who, AuditAction? Action, bool WithoutApi, long? Before)
{
    public static AuditFilter? Parse(IQueryCollection query, out IReadOnlyList<Problem> faults)
    {
        ArgumentNullException.ThrowIfNull(query);
        var found = new List<Problem>();
        var filter = new AuditFilter(
            Day(query, "from", found), Day(query, "to", found), Text(query, "who"), ActionOf(query, found), Text(query, "withoutApi") == "true", Number(query, found));
        if (filter is { From: { } from, To: { } to } && to < from) found.Add(new Problem("to", "The end date is before the start date. Enter the same day or a later one."));
        faults = found;
        return found.Count == 0 ? filter : null;
    }

    public string Query(long? before = null)
    {
        var fields = new List<string>();
        if (From is { } from) fields.Add(string.Create(CultureInfo.InvariantCulture, $"from={from:yyyy-MM-dd}"));
        if (To is { } to) fields.Add(string.Create(CultureInfo.InvariantCulture, $"to={to:yyyy-MM-dd}"));
        if (Who is not null) fields.Add($"who={Uri.EscapeDataString(Who)}");
        if (Action is { } action) fields.Add($"action={action}");
        if (WithoutApi) fields.Add("withoutApi=true");
        if (before is { } number) fields.Add(string.Create(CultureInfo.InvariantCulture, $"before={number}"));
        return fields.Count == 0 ? "" : "?" + string.Join('&', fields);
    }

    private static string? Text(IQueryCollection query, string name) => query[name].ToString().Trim() is { Length: > 0 } text ? text : null;

    private static DateOnly? Day(IQueryCollection query, string name, List<Problem> faults)
    {
        if (Text(query, name) is not { } text) return null;
        // DateOnly.MaxValue has no day after it.
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue) return day;
        faults.Add(new Problem(name, "Enter a date such as 2026-10-01, or leave this empty."));
        return null;
    }

    private static AuditAction? ActionOf(IQueryCollection query, List<Problem> faults)
    {
        if (Text(query, "action") is not { } text) return null;
        if (Enum.TryParse<AuditAction>(text, out var action) && Enum.GetName(action) == text) return action;
        faults.Add(new Problem("action", "Choose an action from the list."));
        return null;
    }

    private static long? Number(IQueryCollection query, List<Problem> faults)
    {
        if (Text(query, "before") is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        faults.Add(new Problem("from", "That page does not exist. Start from the first page."));
        return null;
    }
}

public static class AuditExport
{
    /// <summary>Exports every entry that the filter selects, whatever its page.</summary>
    public static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> AnswerAsync(
        HttpContext context, AuditQuery query, AuditBacklog backlog, AuditReads reads, CancellationToken cancellation)
    {
        if (AuditFilter.Parse(context.Request.Query, out var faults) is not { } filter)
            return TypedResults.Problem(faults[0].Message, statusCode: StatusCodes.Status422UnprocessableEntity, title: "There is a problem");
        reads.Note(AuditAction.Export, "Audit", filter.Query() is { Length: > 0 } asked ? $"CSV, {asked}" : "CSV of everything");
        await backlog.TryWriteSoonAsync(cancellation);
        return TypedResults.Stream(stream => AuditCsv.WriteAsync(stream, query.AllAsync(filter with { Before = null }), cancellation), "text/csv; charset=utf-8", "Audit.csv");
    }
}
