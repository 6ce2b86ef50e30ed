using System.ComponentModel;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
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

    internal static async Task<IResult> ReadOneAsync(
        [FromServices] UsageEventsQuery read,
        [FromServices] ReportQuery reports,
        [FromServices] AuditReads audit,
        [FromRoute(Name = "event_id"), Description("The event's id, as it was sent.")] string eventId,
        CancellationToken cancellation)
    {
        if (await read.FindAsync(eventId, cancellation) is not { } found) return ApiAnswer.Problem(StatusCodes.Status404NotFound, "There is no event of this id.");
        foreach (var month in found.Corrections.Append(found.Event).Select(usage => usage.ReportMonth).Distinct())
            await reports.ProveAsync(UsageMonth.TryParse(month, out var shown) ? shown : default, cancellation);
        audit.Note(AuditAction.Export, found.Event.ReportMonth, "An event by the API");
        return TypedResults.Ok(found);
    }

    internal static async Task<ApiAnswer> StoreAsync(HttpContext context, [FromServices] StoreUsage store, CancellationToken cancellation)
    {
        try
        {
            return await store.RunAsync(await UsageEventsCall.ReadAsync(context.Request, cancellation), cancellation);
        }
        catch (ApiRefusedException refused)
        {
            return refused.Answer;
        }
    }

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
        var position = after is null ? 0 : UsageCursor.Read(after, wanted);
        if (position is null) return ApiAnswer.WrongParameter("after", "This is no cursor of that month. Begin without it, or send the next of the page before.");
        await reports.ProveAsync(wanted, cancellation);
        audit.Note(AuditAction.Export, wanted.Name, "Events by the API");
        return TypedResults.Ok(await read.PageAsync(wanted, position.Value, cancellation));
    }
}
