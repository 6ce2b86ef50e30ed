using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;
using CreditUsage.Core.Ledger;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Api;
using CreditUsage.Platform.Auditing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>Prices, balance, statement and ledger of credits.</summary>
public static class CreditsApi
{
    private const int PageEntries = 1000;

    public static RouteHandlerBuilder DescribePrices(this RouteHandlerBuilder route) => route
        .WithName("ReadCreditPrices").WithTags("Credits").WithSummary("Gives the price list, the oldest first").Produces<ApiPrices>();

    public static RouteHandlerBuilder DescribeBalance(this RouteHandlerBuilder route) => route
        .WithName("ReadBalance").WithTags("Credits").WithSummary("Gives the credits in hand and promised, and when they run out").Produces<ApiBalance>();

    public static RouteHandlerBuilder DescribeStatement(this RouteHandlerBuilder route) => route
        .WithName("ReadStatement").WithTags("Credits").WithSummary("Gives the credit statement of a month")
        .Produces<ApiStatement>().Produces<ParameterProblem>(StatusCodes.Status422UnprocessableEntity, ApiAnswer.ProblemJson);

    public static RouteHandlerBuilder DescribeEntries(this RouteHandlerBuilder route) => route
        .WithName("ReadLedgerEntries").WithTags("Credits").WithSummary("Gives purchases, grants, adjustments and their corrections, in the order in which they were recorded")
        .Produces<ApiEntries>().Produces<ParameterProblem>(StatusCodes.Status422UnprocessableEntity, ApiAnswer.ProblemJson);

    internal static async Task<IResult> PricesAsync([FromServices] CreditUsageDb db, CancellationToken cancellation)
    {
        var prices = await db.CreditPrices.AsNoTracking().OrderBy(price => price.ValidFrom).ToListAsync(cancellation);
        return TypedResults.Ok(new ApiPrices([.. prices.Select(price => new ApiPrice(price.ValidFrom, (price.PriceMicros / (decimal)CreditPrice.MicrosPerPound).ToString("0.00####", CultureInfo.InvariantCulture)))]));
    }

    internal static async Task<IResult> BalanceAsync([FromServices] CreditStatusQuery query, [FromServices] AuditReads audit, [FromServices] TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var status = await query.RunAsync(now, cancellation);
        audit.NoteByApi("Balance");
        return TypedResults.Ok(new ApiBalance(now, status.Available, status.Allocated, status.Forecast.RunsOutOn, status.Forecast.OrderBy));
    }

    internal static async Task<IResult> StatementAsync(
        [FromServices] CreditLedger ledger,
        [FromServices] AuditReads audit,
        CancellationToken cancellation,
        [Description("The month, such as 2026-10.")] string? month = null,
        [Description("service (by the day that usage was of) or posting (by the instant that the balance changed); service where it is absent.")] string? basis = null)
    {
        if (!UsageMonth.TryParse(month, out var wanted)) return ApiAnswer.WrongParameter("month", "Write the month as in month=2026-10.");
        if ((await ledger.MonthsAsync(cancellation)).Refusal(wanted) is { } refusal) return ApiAnswer.WrongParameter("month", refusal);
        if (basis is not (null or "service" or "posting")) return ApiAnswer.WrongParameter("basis", "Write service or posting.");
        var statement = await ledger.StatementAsync(new StatementFilter(wanted, basis == "posting" ? StatementBasis.Posting : StatementBasis.Service), cancellation);
        audit.NoteByApi($"Statement of {wanted.Name}");
        return TypedResults.Ok(ApiStatement.Of(statement));
    }

    internal static async Task<IResult> EntriesAsync(
        [FromServices] CreditUsageDb db,
        [FromServices] AuditReads audit,
        CancellationToken cancellation,
        [Description("The id of the last entry that you have; absent at first.")] string? after = null)
    {
        var position = 0L;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out position)) return ApiAnswer.WrongParameter("after", "Send the next of the page before, or nothing.");
        var found = await db.LedgerEntries.AsNoTracking().Where(entry => entry.Id > position).OrderBy(entry => entry.Id).Take(PageEntries + 1).ToListAsync(cancellation);
        var page = found.Take(PageEntries).ToList();
        audit.NoteByApi("Ledger entries");
        return TypedResults.Ok(new ApiEntries(page.ConvertAll(ApiEntry.Of), found.Count > PageEntries ? page[^1].Id.ToString(CultureInfo.InvariantCulture) : null));
    }
}

internal sealed record ApiPrices([property: JsonPropertyName("prices")] IReadOnlyList<ApiPrice> Prices);

internal sealed record ApiPrice(
    [property: JsonPropertyName("valid_from")] DateOnly ValidFrom,
    [property: JsonPropertyName("price_gbp"), Description("Pounds for a credit with up to six decimals, as text so that nothing rounds it.")] string PriceGbp);

internal sealed record ApiBalance(
    [property: JsonPropertyName("as_at")] DateTimeOffset AsAt,
    [property: JsonPropertyName("available"), Description("Credits in hand.")] long Available,
    [property: JsonPropertyName("allocated"), Description("Credits promised to top-up schedules and not charged yet.")] long Allocated,
    [property: JsonPropertyName("runs_out_on"), Description("The first day that the credits do not cover; null where they last for years.")] DateOnly? RunsOutOn,
    [property: JsonPropertyName("order_by"), Description("The last day to order more; null where they last for years.")] DateOnly? OrderBy);

internal sealed record ApiStatement(
    [property: JsonPropertyName("month")] string Month,
    [property: JsonPropertyName("basis"), Description("service or posting.")] string Basis,
    [property: JsonPropertyName("state"), Description("Open, In progress, Closed v1 or Restated v2.")] string State,
    [property: JsonPropertyName("opening"), Description("Credits in hand before the month.")] long Opening,
    [property: JsonPropertyName("closing")] long Closing,
    [property: JsonPropertyName("rows"), Description("In order, each with the balance after it.")] IReadOnlyList<ApiStatementRow> Rows)
{
    public static ApiStatement Of(CreditStatement statement) => new(
        statement.Filter.Month.ToString(), statement.Filter.Basis == StatementBasis.Posting ? "posting" : "service", statement.State.Label, statement.Opening, statement.Closing,
        [.. statement.Rows.Select(row => new ApiStatementRow(row.Day, row.LineLabel, row.Details, row.Credits, row.Balance, row.EntryId))]);
}

internal sealed record ApiStatementRow(
    [property: JsonPropertyName("day")] DateOnly Day,
    [property: JsonPropertyName("line"), Description("Such as Purchase or Connected sessions.")] string Line,
    [property: JsonPropertyName("details")] string Details,
    [property: JsonPropertyName("credits"), Description("Added to the balance; negative for usage.")] long Credits,
    [property: JsonPropertyName("balance")] long Balance,
    [property: JsonPropertyName("entry_id"), Description("Of a ledger entry; null for usage.")] long? EntryId);

internal sealed record ApiEntries(
    [property: JsonPropertyName("entries"), Description("At most 1,000.")] IReadOnlyList<ApiEntry> Entries,
    [property: JsonPropertyName("next"), Description("Send it as the parameter after to get the entries that follow; null after the last.")] string? Next);

internal sealed record ApiEntry(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("kind"), Description("purchase, grant, adjustment or correction.")] string Kind,
    [property: JsonPropertyName("day")] DateOnly Day,
    [property: JsonPropertyName("report_month"), Description("The month whose statement shows it.")] string ReportMonth,
    [property: JsonPropertyName("credits"), Description("Added to the balance.")] int Credits,
    [property: JsonPropertyName("pack_size"), Description("Credits in a pack; null where it is no purchase.")] int? PackSize,
    [property: JsonPropertyName("paid_pence"), Description("Integer pence, VAT included; null where it is no purchase.")] long? PaidPence,
    [property: JsonPropertyName("vat_pence"), Description("Integer pence; null where it is no purchase.")] long? VatPence,
    [property: JsonPropertyName("invoice_number")] string? InvoiceNumber,
    [property: JsonPropertyName("reason")] string? Reason,
    [property: JsonPropertyName("corrects"), Description("The id of the entry that a correction takes back; null otherwise.")] long? Corrects,
    [property: JsonPropertyName("recorded_at")] DateTimeOffset RecordedAt,
    [property: JsonPropertyName("recorded_by")] string RecordedBy)
{
    public static ApiEntry Of(LedgerEntry entry) => new(
        entry.Id, entry.Kind.ToString().ToLowerInvariant(), entry.ServiceDate, entry.ReportMonth.ToString(), entry.Credits, entry.PackSize, entry.PaidPence, entry.VatPence, entry.InvoiceNumber, entry.Reason, entry.CorrectsId,
        entry.RecordedAt, entry.RecordedBy);
}
