using System.ComponentModel;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Api;
using CreditUsage.Platform.Auditing;
using Microsoft.AspNetCore.Mvc;

namespace CreditUsage.Features.UsageEvents;

public static class UsageEventsApi
{
    public static RouteHandlerBuilder DescribeStore(this RouteHandlerBuilder route) => route
        .WithName("StoreUsageEvents").WithTags("Usage").WithMetadata(new TakesIdempotencyKey())
        .WithSummary("Stores usage events, all or nothing")
        .WithDescription("An event that was recorded before with the same content is a duplicate and changes nothing; with other content it is a conflict. With an Idempotency-Key the first answer is given again.")
        .Accepts<IReadOnlyList<UsageEventToSend>>("application/json")
        .Produces<AcceptedUsage>()
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .Produces<UsageProblem>(StatusCodes.Status409Conflict, ApiAnswer.ProblemJson).Produces<UsageProblem>(StatusCodes.Status422UnprocessableEntity, ApiAnswer.ProblemJson);

    public static RouteHandlerBuilder DescribeEvents(this RouteHandlerBuilder route) => route
        .WithName("ReadUsageEvents").WithTags("Usage")
        .WithSummary("Gives the events of a month back, in the order in which they were recorded")
        .Produces<UsageEventsPage>()
        .Produces<ParameterProblem>(StatusCodes.Status422UnprocessableEntity, ApiAnswer.ProblemJson);

    public static RouteHandlerBuilder DescribeEvent(this RouteHandlerBuilder route) => route
        .WithName("ReadUsageEvent").WithTags("Usage")
        .WithSummary("Gives one event with its corrections")
        .Produces<UsageEventWithCorrections>()
        .ProducesProblem(StatusCodes.Status404NotFound);

    public static RouteHandlerBuilder DescribeChanges(this RouteHandlerBuilder route) => route
        .WithName("ReadUsageChanges").WithTags("Usage")
        .WithSummary("Gives what was received since a place in the feed")
        .WithDescription("Events and corrections of every month in the order of receipt, each once. Begin without after, keep next, and send it the next time.")
        .Produces<UsageChanges>()
        .Produces<ParameterProblem>(StatusCodes.Status422UnprocessableEntity, ApiAnswer.ProblemJson);

    internal static async Task<IResult> ReadOneAsync(
        [FromServices] UsageEventsQuery read,
        [FromServices] ReportQuery reports,
        [FromServices] AuditReads audit,
        [FromRoute(Name = "event_id"), Description("The event's id, as it was sent.")] string eventId,
        CancellationToken cancellation)
    {
        if (await read.FindAsync(eventId, cancellation) is not { } found) return ApiAnswer.Problem(StatusCodes.Status404NotFound, "There is no event of this id.");
        await ProveAsync(reports, found.Corrections.Append(found.Event), cancellation);
        audit.NoteByApi($"An event of {found.Event.ReportMonth}");
        return TypedResults.Ok(found);
    }

    internal static async Task<ApiAnswer> StoreAsync(HttpContext context, [FromServices] StoreUsage store, CancellationToken cancellation) =>
        await store.RunAsync(await UsageEventsCall.ReadAsync(context.Request, cancellation), cancellation);

    internal static async Task<IResult> ReadAsync(
        [FromServices] UsageEventsQuery read,
        [FromServices] ReportQuery reports,
        [FromServices] AuditReads audit,
        CancellationToken cancellation,
        [Description("The month whose report shows the events, such as 2026-10.")] string? month = null,
        [Description("The next of the page before; absent at first.")] string? after = null)
    {
        if (!UsageMonth.TryParse(month, out var wanted)) return ApiAnswer.WrongParameter("month", "Write the month as in month=2026-10.");
        if ((await read.MonthsAsync(cancellation)).Refusal(wanted) is { } refusal) return ApiAnswer.WrongParameter("month", refusal);
        var position = after is null ? new UsageCursor(wanted.Number, 0) : UsageCursor.Read(after);
        if (position?.Within != wanted.Number) return ApiAnswer.WrongParameter("after", "This is no cursor of that month. Begin without it, or send the next of the page before.");
        await reports.ProveAsync(wanted, cancellation);
        audit.NoteByApi($"Events of {wanted.Name}");
        return TypedResults.Ok(await read.PageAsync(wanted, position.Value.LastId, cancellation));
    }

    internal static async Task<IResult> ReadChangesAsync(
        [FromServices] UsageEventsQuery read,
        [FromServices] ReportQuery reports,
        [FromServices] AuditReads audit,
        CancellationToken cancellation,
        [Description("The next of the answer before; absent to begin with the first event of all.")] string? after = null)
    {
        var position = after is null ? default(UsageCursor) : UsageCursor.Read(after);
        if (position is null) return ApiAnswer.WrongParameter("after", "This is no place in the feed. Begin without it, or send the next of the answer before.");
        var changes = await read.ChangesAsync(position.Value, cancellation);
        await ProveAsync(reports, changes.Events, cancellation);
        audit.NoteByApi("Changes");
        return TypedResults.Ok(changes);
    }

    /// <summary>Nothing is given of a closed month that is not what was kept of it.</summary>
    private static async Task ProveAsync(ReportQuery reports, IEnumerable<RecordedUsageEvent> events, CancellationToken cancellation)
    {
        foreach (var month in events.Select(usage => usage.ReportMonth).Distinct())
            await reports.ProveAsync(UsageMonth.TryParse(month, out var shown) ? shown : default, cancellation);
    }
}
