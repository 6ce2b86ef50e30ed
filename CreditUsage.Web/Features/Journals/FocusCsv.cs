using System.Globalization;
using CreditUsage.Core.Files;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CsvHelper;

namespace CreditUsage.Features.Journals;

/// <summary>
/// A month in FOCUS 1.2 (docs/decisions/0018): every mandatory column, the recommended and conditional ones that apply, and some custom ones (x_).
/// Usage draws on prepaid credits, so its billed cost is zero and its cost effective, in the report's pence; for purchases it is the reverse. No client is named.
/// </summary>
public static class FocusCsv
{
    private const string Provider = "ONE";

    private static readonly string[] Columns =
    [
        "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency",
        "ChargePeriodEnd", "ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "ContractedUnitPrice", "EffectiveCost", "InvoiceIssuerName", "ListCost", "ListUnitPrice",
        "PricingCategory", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ResourceId", "ResourceType", "ServiceCategory", "ServiceName", "ServiceSubcategory",
        "x_EventId", "x_Program", "x_StaffMember", "x_Credits",
    ];

    /// <param name="purchases">The month's, and the entries that take one back.</param>
    public static async Task WriteAsync(Stream stream, CreditUsageReport report, IReadOnlyList<LedgerEntry> purchases, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(purchases);
        await using var csv = CsvWriter.Create(stream, CsvWriterOptions.Default, leaveOpen: true);
        foreach (var column in Columns) csv.WriteField(column);
        await csv.EndRecordAsync(cancellation);
        foreach (var purchase in purchases) await WriteAsync(csv, report, OfPurchase(purchase), cancellation);
        await foreach (var row in rows.WithCancellation(cancellation)) await WriteAsync(csv, report, OfUsage(row), cancellation);
    }

    private static async Task WriteAsync(CsvWriter csv, CreditUsageReport report, Charge charge, CancellationToken cancellation)
    {
        var (month, subscription) = (report.Filter.Month, report.Subscription);
        string?[] fields =
        [
            charge.Billed, subscription.Id.ToString(CultureInfo.InvariantCulture), SpreadsheetText.Defused(subscription.Name), subscription.Currency, Instant(month.End), Instant(month.Start),
            charge.Category, charge.Correction ? "Correction" : "", SpreadsheetText.Defused(charge.Description), charge.Frequency, Instant(charge.Day.AddDays(1)), Instant(charge.Day),
            charge.Consumed, charge.ConsumedUnit, charge.Pricing.Cost, charge.Pricing.UnitPrice, charge.Effective, Provider, charge.Pricing.Cost, charge.Pricing.UnitPrice,
            "Standard", charge.Pricing.Quantity.ToString(CultureInfo.InvariantCulture), charge.Pricing.Unit, Provider, Provider, charge.Resource, charge.Resource is null ? "" : "Top-up device", "Other", charge.Service, "Other (Other)",
            SpreadsheetText.Defused(charge.EventId), SpreadsheetText.Defused(charge.Program), SpreadsheetText.Defused(charge.Staff), charge.Credits.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var field in fields) csv.WriteField(field ?? "");
        await csv.EndRecordAsync(cancellation);
    }

    private static Charge OfUsage(UsageRow row) => new("Usage", row.ServiceDate, row.Kind == UsageKind.ConnectedSession ? "Connected sessions" : "Daily top-ups", row.KindAndMark, row.Credits)
    {
        Billed = Pounds(0),
        Effective = Pounds(row.CostPence!.Value),
        Pricing = FocusPricing.Of(row.UnitPriceMicros, row.Credits, row.CostPence.Value, row.Kind == UsageKind.ConnectedSession ? "Sessions" : "Days"),
        Consumed = (row.DurationMinutes ?? row.Correction switch { null => 1, { Kind: CorrectionKind.Reversal } => -1, _ => 0 }).ToString(CultureInfo.InvariantCulture),
        ConsumedUnit = row.Kind == UsageKind.ConnectedSession ? "Minutes" : "Days",
        Correction = row is { Correction: not null, BelongsTo: not null },
        Frequency = row.Kind == UsageKind.ConnectedSession ? "Usage-Based" : "Recurring",
        Resource = row.DeviceId,
        EventId = row.EventId,
        Program = row.Program,
        Staff = row.Staff,
    };

    private static Charge OfPurchase(LedgerEntry entry) => new("Purchase", entry.ServiceDate, "Credits", $"Credits bought, VAT included, invoice {entry.InvoiceNumber}", entry.Credits)
    {
        Billed = Pounds(entry.PaidPence!.Value),
        Effective = Pounds(0),
        Pricing = FocusPricing.Of(null, entry.Credits, entry.PaidPence.Value, "Purchases"),
        Correction = entry.CorrectsId is not null && entry.ReportMonth != UsageMonth.Of(entry.ServiceDate),
        Frequency = "One-Time",
    };

    private static string Pounds(long pence) => (pence / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Instant(DateOnly day) => day.ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture);

    /// <summary>Amounts are in pounds.</summary>
    private sealed record Charge(string Category, DateOnly Day, string Service, string Description, int Credits)
    {
        public required string Billed { get; init; }

        public required string Effective { get; init; }

        /// <summary>Listed and contracted alike: there are no discounts.</summary>
        public required FocusPricing Pricing { get; init; }

        public string? Consumed { get; init; }

        public string? ConsumedUnit { get; init; }

        public bool Correction { get; init; }

        public required string Frequency { get; init; }

        public string? Resource { get; init; }

        public string EventId { get; init; } = "";

        public string Program { get; init; } = "";

        public string Staff { get; init; } = "";
    }
}
