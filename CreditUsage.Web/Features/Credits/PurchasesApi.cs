using System.ComponentModel;
using System.Text.Json.Serialization;
using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Platform.Api;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>Records a purchase. Its invoice number is its identity: the same again is answered with the entry that is there.</summary>
public static class PurchasesApi
{
    public static RouteHandlerBuilder DescribePurchase(this RouteHandlerBuilder route) => route
        .WithName("RecordPurchase").WithTags("Credits").WithSummary("Records a purchase of credits; the same again changes nothing")
        .WithMetadata(new RequestSizeLimitAttribute(JsonBody.MaxBytes)).Accepts<PurchaseToSend>("application/json")
        .Produces<ApiEntry>().Produces<ApiEntry>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .Produces<ParameterProblem>(StatusCodes.Status409Conflict, ApiAnswer.ProblemJson).Produces<ParameterProblem>(StatusCodes.Status422UnprocessableEntity, ApiAnswer.ProblemJson);

    internal static async Task<IResult> RecordAsync(HttpContext context, [FromServices] CreditUsageDb db, [FromServices] RecordLedgerEntry record, [FromServices] TimeProvider clock, CancellationToken cancellation)
    {
        var sent = await JsonBody.ReadAsync<PurchaseToSend>(context.Request, cancellation);
        var startsOn = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.StartsOn).SingleAsync(cancellation);
        if (sent.Input().Validate(LedgerEntryKind.Purchase, startsOn, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), out var faults) is not { } draft)
            return ApiAnswer.WrongParameter(PurchaseToSend.FieldOf(faults[0]), faults[0].Message);
        if (await SameAsync(db, draft, cancellation) is { } same) return TypedResults.Ok(ApiEntry.Of(same));
        var (entry, fault) = await record.RunAsync(draft, long.MaxValue, cancellation);
        // The same may have been recorded at the same moment.
        if (entry is null && await SameAsync(db, draft, cancellation) is { } other) return TypedResults.Ok(ApiEntry.Of(other));
        return entry is null ? ApiAnswer.Problem(StatusCodes.Status409Conflict, fault!.Message, json => json.WriteString("field", "invoice_number"))
            : TypedResults.Json(ApiEntry.Of(entry), statusCode: StatusCodes.Status201Created);
    }

    private static Task<LedgerEntry?> SameAsync(CreditUsageDb db, LedgerDraft draft, CancellationToken cancellation)
    {
        var purchase = draft.Purchase!;
        return db.LedgerEntries.AsNoTracking().Where(entry => entry.Kind == LedgerEntryKind.Purchase && entry.InvoiceNumber == purchase.InvoiceNumber && entry.ServiceDate == draft.Day && entry.Credits == draft.Credits
            && entry.PackSize == purchase.PackSize && entry.PaidPence == purchase.PaidPence && entry.VatPence == purchase.VatPence && !db.LedgerEntries.Any(correction => correction.CorrectsId == entry.Id)).OrderBy(entry => entry.Id).FirstOrDefaultAsync(cancellation);
    }
}

/// <summary>A purchase as the API takes it. No other members are allowed.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PurchaseToSend
{
    [JsonPropertyName("day"), Description("Such as 2026-10-01; not in the future.")]
    public required string Day { get; init; }

    [JsonPropertyName("packs"), Description("From 1 to 10,000.")]
    public required int Packs { get; init; }

    [JsonPropertyName("pack_size"), Description("Credits in a pack.")]
    public required int PackSize { get; init; }

    [JsonPropertyName("paid_gbp"), Description("Pounds with at most two decimals, VAT included, as text.")]
    public required string PaidGbp { get; init; }

    [JsonPropertyName("vat_gbp"), Description("Pounds with at most two decimals, as text.")]
    public required string VatGbp { get; init; }

    [JsonPropertyName("invoice_number"), Description("At most 200 characters.")]
    public required string InvoiceNumber { get; init; }

    [JsonPropertyName("note"), Description("At most 200 characters.")]
    public string? Note { get; init; }

    public LedgerEntryInput Input()
    {
        static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new() { Day = Day, Packs = Text(Packs), PackSize = Text(PackSize), Paid = PaidGbp, Vat = VatGbp, Invoice = InvoiceNumber, Reason = Note, LastSeen = "0" };
    }

    public static string FieldOf(Problem fault) => fault.Field switch { "packSize" => "pack_size", "paid" => "paid_gbp", "vat" => "vat_gbp", "invoice" => "invoice_number", "reason" => "note", { } field => field, null => "" };
}
