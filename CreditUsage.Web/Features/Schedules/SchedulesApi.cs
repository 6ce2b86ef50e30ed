using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Api;
using Microsoft.AspNetCore.Mvc;

namespace CreditUsage.Features.Schedules;

public static class SchedulesApi
{
    public static RouteHandlerBuilder DescribeSchedules(this RouteHandlerBuilder route) => route
        .WithName("ReadTopUpSchedules").WithTags("Top-up schedules").WithSummary("Gives every top-up schedule, by first day").Produces<RecordedSchedules>();

    public static RouteHandlerBuilder DescribeAdd(this RouteHandlerBuilder route) => Takes<ScheduleToSend>(route)
        .WithName("AddTopUpSchedule").WithSummary("Adds a top-up schedule; those of one device never overlap").Produces<RecordedSchedule>(StatusCodes.Status201Created);

    public static RouteHandlerBuilder DescribeEnd(this RouteHandlerBuilder route) => Takes<EndToSend>(route)
        .WithName("EndTopUpSchedule").WithSummary("Brings a schedule's last day forward").Produces<RecordedSchedule>().ProducesProblem(StatusCodes.Status404NotFound);

    private static RouteHandlerBuilder Takes<T>(RouteHandlerBuilder route)
        where T : notnull => route.WithTags("Top-up schedules").WithMetadata(new RequestSizeLimitAttribute(JsonBody.MaxBytes)).Accepts<T>("application/json")
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .Produces<ScheduleProblem>(StatusCodes.Status422UnprocessableEntity, ApiAnswer.ProblemJson);

    internal static async Task<IResult> ReadAsync([FromServices] SchedulesQuery query, CancellationToken cancellation) =>
        TypedResults.Ok(new RecordedSchedules((await query.AllAsync(cancellation)).Select(RecordedSchedule.Of).ToList()));

    internal static async Task<IResult> AddAsync(HttpContext context, [FromServices] AddSchedule add, [FromServices] ChargeTopUps charge, CancellationToken cancellation)
    {
        var sent = await JsonBody.ReadAsync<ScheduleToSend>(context.Request, cancellation);
        var (added, faults) = await add.RunAsync(sent.Input(), cancellation);
        if (added is null) return Refused(faults);
        await charge.RunAsync(cancellation);
        return TypedResults.Json(RecordedSchedule.Of(added), statusCode: StatusCodes.Status201Created);
    }

    internal static async Task<IResult> EndAsync(HttpContext context, int id, [FromServices] EndSchedule end, [FromServices] SchedulesQuery query, CancellationToken cancellation)
    {
        var sent = await JsonBody.ReadAsync<EndToSend>(context.Request, cancellation);
        var faults = ScheduleLabels.ParseDay(sent.LastDay) is { } day ? await end.RunAsync(id, day, shown: null, cancellation) : [new UsageFault("last_day", "Write the day as in 2026-10-01.")];
        if (faults is null) return ApiAnswer.Problem(StatusCodes.Status404NotFound, "There is no such schedule. A GET of the list gives their ids.");
        return faults.Count > 0 ? Refused(faults) : TypedResults.Ok(RecordedSchedule.Of((await query.FindAsync(id, cancellation))!));
    }

    private static ApiAnswer Refused(IReadOnlyList<UsageFault> faults) => ApiAnswer.Problem(StatusCodes.Status422UnprocessableEntity, "Nothing was changed; correct what errors lists and send the call again.", json =>
    {
        json.WriteStartArray("errors");
        foreach (var fault in faults)
        {
            json.WriteStartObject();
            json.WriteString("field", fault.Field);
            json.WriteString("message", fault.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
