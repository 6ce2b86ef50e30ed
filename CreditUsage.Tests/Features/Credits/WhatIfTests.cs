using System.Net;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Tests.Features.Credits;

/// <summary>A price to try, and which pack would have been cheapest.</summary>
public sealed class WhatIfTests(ImportClinics clinics) : IClassFixture<ImportClinics>
{
    private const string Page = "/credits/prices";

    [Fact]
    public async Task Each_month_is_shown_at_a_price_to_try_beside_what_it_cost()
    {
        using var clinic = await clinics.ClinicAsync();
        await clinics.Site.PriceAsync(clinic.Id, new DateOnly(2026, 10, 1), 450_000);
        await clinics.Site.ImportRowsAsync(clinic.Id,
            CsvRow.Session("E1", "2026-09-14T09:00:00Z", minutes: 50), CsvRow.Session("E2", "2026-10-15T09:00:00Z", minutes: 11), CsvRow.Session("E3", "2026-10-16T09:00:00Z", minutes: 11), CsvRow.TopUp("E4", "2026-10-16", cost: "9.99"));

        var page = await clinic.Visitor.PageAsync(Page + "?try=£0.525");

        Assert.Equal(["2026-10|October 2026|7|£12.69|£3.69|-£9.00", "2026-09|September 2026|10|No price|£5.25|–"], Tried(page));
        Assert.Empty(Tried(await clinic.Visitor.PageAsync(Page)));
        // Three credits at a third of a penny more: rounded for each event, not for the month.
        Assert.Equal("£3.69", (await clinic.Visitor.PageAsync(Page + "?try=0.525001")).QuerySelector("[data-tried='2026-10']")!.Children[3].TextContent);
        await clinic.Visitor.PostAsync("/corrections?event=E2", "/corrections?handler=Reverse&event=E2", new Dictionary<string, string> { ["Input.Reason"] = "Wrong" });
        Assert.Equal("£2.11", (await clinic.Visitor.PageAsync(Page + "?try=0.525")).QuerySelector("[data-tried='2026-10']")!.Children[3].TextContent);
        Assert.Equal(["450000"], await clinic.InAsync(db => db.CreditPrices.Select(price => price.PriceMicros.ToString()).ToListAsync()));
    }

    [Theory]
    [InlineData("try=x", "#try")]
    [InlineData("packSize=0&packPaid=1", "#packSize")]
    [InlineData("packSize=100&packPaid=", "#packPaid")]
    [InlineData("packSize=100&packPaid=10&packVat=11", "#packVat")]
    public async Task What_is_typed_wrong_is_said(string query, string field)
    {
        using var clinic = await clinics.ClinicAsync();
        await clinics.Site.ImportRowsAsync(clinic.Id, CsvRow.Session("E1", "2026-10-15T09:00:00Z"));
        using var answer = await clinic.Visitor.GetAsync($"{Page}?{query}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal([field], (await Visitor.ReadAsync(answer)).QuerySelectorAll(".fault-summary a").Select(link => link.GetAttribute("href")!));
    }

    [Fact]
    public async Task Packs_are_compared_by_what_the_last_twelve_complete_months_would_have_cost_with_vat()
    {
        using var clinic = await clinics.ClinicAsync();
        // The site's clock stands in November 2026: October is the last of the twelve; November does not count.
        await clinics.Site.ImportRowsAsync(clinic.Id, [.. Enumerable.Range(1, 10).Select(month => CsvRow.Session($"E{month}", $"2026-{month:00}-15T09:00:00Z", credits: "105")), CsvRow.Session("Now", "2026-11-15T09:00:00Z", credits: "500")]);
        await PurchaseAsync(clinic, new DateOnly(2026, 1, 5), size: 100, packs: 1, paidPence: 9_900);
        await PurchaseAsync(clinic, new DateOnly(2026, 2, 5), size: 100, packs: 3, paidPence: 18_001);
        await PurchaseAsync(clinic, new DateOnly(2026, 3, 5), size: 1000, packs: 1, paidPence: 42_000);
        var mistake = await PurchaseAsync(clinic, new DateOnly(2026, 4, 5), size: 1000, packs: 1, paidPence: 1);
        using (await clinic.Visitor.PostAsync($"/credits/entries/{mistake}", $"/credits/entries/{mistake}", new Dictionary<string, string> { ["Reason"] = "Mistake" })) { }

        var page = await clinic.Visitor.PageAsync(Page);
        Assert.Contains("From November 2025 to October 2026, 1,050 credits were used.", page.QuerySelector("#packs-heading")!.ParentElement!.TextContent, StringComparison.Ordinal);
        // Eleven packs of 100 at a third of £180.01; two of 1,000 at £420.
        Assert.Equal(["100 credits (cheapest)|05/02/2026|11|£660.04|£110.00|50", "1,000 credits|05/03/2026|2|£840.00|£140.00|950"], Packs(page));

        var tried = await clinic.Visitor.PageAsync(Page + "?packSize=1050&packPaid=600&packVat=100");
        Assert.Equal("1,050 credits (cheapest)|To try|1|£600.00|£100.00|0", Packs(tried)[0]);
        Assert.Equal(3, Packs(tried).Count);
    }

    [Fact]
    public async Task Without_purchases_or_usage_it_is_said()
    {
        using var clinic = await clinics.ClinicAsync();
        Assert.Contains("No credits were used from November 2025 to October 2026.", (await clinic.Visitor.PageAsync(Page)).Body!.TextContent, StringComparison.Ordinal);
        await clinics.Site.ImportRowsAsync(clinic.Id, CsvRow.Session("E1", "2026-10-15T09:00:00Z"));
        Assert.Contains("No pack was bought yet.", (await clinic.Visitor.PageAsync(Page)).Body!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<long> PurchaseAsync(ImportClinic clinic, DateOnly day, int size, int packs, long paidPence)
    {
        var entry = new LedgerEntry
        {
            SubscriptionId = clinic.Id,
            Kind = LedgerEntryKind.Purchase,
            ServiceDate = day,
            ReportMonth = UsageMonth.Of(day),
            PostedAt = clinic.Site.Clock.GetUtcNow(),
            Credits = size * packs,
            PackSize = size,
            PaidPence = paidPence,
            VatPence = paidPence / 6,
            InvoiceNumber = "1",
            RecordedAt = clinic.Site.Clock.GetUtcNow(),
            RecordedBy = clinic.Email,
        };
        await clinic.InAsync(db =>
        {
            db.Add(entry);
            return db.SaveChangesAsync();
        });
        return entry.Id;
    }

    private static IReadOnlyList<string> Tried(AngleSharp.Dom.IDocument page) => Rows(page, "tried");

    private static IReadOnlyList<string> Packs(AngleSharp.Dom.IDocument page) => [.. page.QuerySelectorAll("[data-pack]").Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent)))];

    private static IReadOnlyList<string> Rows(AngleSharp.Dom.IDocument page, string what) =>
        [.. page.QuerySelectorAll($"[data-{what}]").Select(row => $"{row.GetAttribute($"data-{what}")}|{string.Join('|', row.Children.Select(cell => cell.TextContent))}")];
}
