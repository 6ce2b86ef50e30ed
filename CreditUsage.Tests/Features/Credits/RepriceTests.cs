using System.Net;
using CreditUsage.Core.Integrity;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Credits;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Credits;

/// <summary>A late or wrong price put right over some days.</summary>
public sealed class RepriceTests(ImportClinics clinics) : IClassFixture<ImportClinics>
{
    private const string Page = "/credits/prices/reprice";

    [Fact]
    public async Task Each_event_of_the_days_gets_a_correction_to_the_new_price_and_the_price_list_has_it()
    {
        using var clinic = await PricedAsync();
        await StoreAsync(clinic,
            CsvRow.Session("Before", "2026-09-30T23:59:00Z", minutes: 50), CsvRow.Session("First", "2026-10-01T00:00:00Z", minutes: 50), CsvRow.Session("Odd", "2026-10-02T09:00:00Z", minutes: 11), CsvRow.TopUp("Card", "2026-10-31"),
            CsvRow.Session("Stated", "2026-10-03T09:00:00Z", cost: "9.99"), CsvRow.Session("After", "2026-11-01T00:00:00Z", minutes: 50), CsvRow.Session("Shorter", "2026-10-04T09:00:00Z", minutes: 50),
            CsvRow.Session("Gone", "2026-10-05T09:00:00Z", minutes: 50), CsvRow.Session("Typed", "2026-10-06T09:00:00Z", minutes: 50));
        await CorrectAsync(clinic, "Shorter", "Adjust", ("Input.Minutes", "25"));
        await CorrectAsync(clinic, "Typed", "Adjust", ("Input.Cost", "1.00"));
        await CorrectAsync(clinic, "Gone", "Reverse");

        var page = await clinic.Visitor.PageAsync($"{Page}?from=2026-10-01&to=31/10/2026&price=0.525");
        Assert.Equal(["October 2026|4|19|£8.55|£9.99|£1.44", "Total|4|19|£8.55|£9.99|£1.44"], page.QuerySelectorAll("[data-repriced]").Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent))));
        Assert.Contains("1 event keeps the cost that it states.", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("1 event keeps the cost that somebody has corrected.", page.Body!.TextContent, StringComparison.Ordinal);
        var repricing = await RepriceAsync(clinic, "2026-10-01", "2026-10-31", "0.525", " Told  late ");

        Assert.Equal((RepricingState.Done, 4, 0, 144L, "Told late"), (repricing.State, repricing.Corrected, repricing.Priced, repricing.DifferencePence, repricing.Reason));
        Assert.Equal(
            [("After", 450L), ("Before", 450L), ("Card", 53L), ("First", 525L), ("Gone", 0L), ("Odd", 158L), ("Shorter", 263L), ("Stated", 999L), ("Typed", 100L)],
            (await NetAsync(clinic)).OrderBy(net => net.Event, StringComparer.Ordinal));
        var corrections = await clinic.InAsync(db => db.UsageEvents.Where(usage => usage.Reason == "Told late").ToListAsync());
        Assert.All(corrections, row => Assert.Equal((CorrectionKind.Adjustment, 0, 525_000L, new UsageMonth(2026, 10)), (row.Correction!.Value, row.Credits, row.UnitPriceMicros!.Value, row.ReportMonth)));
        Assert.Equal(["2026-01-01 450000", "2026-10-01 525000", "2026-11-01 450000"], await PricesAsync(clinic));
        var entry = await clinic.InAsync(db => db.AuditEntries.OrderByDescending(entry => entry.Sequence).FirstAsync());
        Assert.Equal((AuditAction.Price, "Credit price 01/10/2026 to 31/10/2026", "Repriced at £0.525: 4 events corrected by £1.44, 0 events priced for the first time.", clinic.Email), (entry.Action, entry.Subject, entry.Detail, entry.Actor));

        var done = await clinic.Visitor.PageAsync($"{Page}/{repricing.Id}");
        Assert.Equal(["6", "4", "0", "£1.44"], done.QuerySelectorAll("[data-figure]").Select(figure => figure.TextContent));
        Assert.Single((await clinic.Visitor.PageAsync("/credits/prices")).QuerySelectorAll($"[data-repricing='{repricing.Id}']"));
        Assert.Contains("are right", (await clinic.Visitor.PageAsync("/usage-report/rows-verified?year=2026&month=10")).QuerySelector("[data-verified=agrees]")!.TextContent, StringComparison.Ordinal);
        var explained = await clinic.Visitor.PageAsync("/usage-report/explain?year=2026&month=10&sessions=true&topUps=true");
        Assert.Contains(explained.QuerySelectorAll("#by-price tbody tr"), row => row.TextContent.Contains("Corrections of the cost alone", StringComparison.Ordinal));
        Assert.Null(await clinics.Site.InAsync(clinic.Id, services => services.GetRequiredService<VerifySums>().FirstWrongAsync([], CancellationToken.None)));
    }

    [Fact]
    public async Task What_comes_afterwards_has_the_new_price_and_a_second_repricing_starts_from_the_first()
    {
        using var clinic = await PricedAsync();
        await StoreAsync(clinic, CsvRow.Session("E1", "2026-10-05T09:00:00Z", minutes: 50));
        await RepriceAsync(clinic, "2026-10-01", "", "0.60", "Wrong");
        await StoreAsync(clinic, CsvRow.Session("E2", "2026-10-06T09:00:00Z", minutes: 50));
        Assert.Equal([("E1", 600L), ("E2", 600L)], (await NetAsync(clinic)).OrderBy(net => net.Event, StringComparer.Ordinal));
        await CorrectAsync(clinic, "E1", "Adjust", ("Input.Minutes", "25"));
        Assert.Equal(("E1", 300L), (await NetAsync(clinic)).Single(net => net.Event == "E1"));

        var again = await RepriceAsync(clinic, "2026-10-01", "", "0.45", "It was right");

        Assert.Equal((2, -225L), (again.Corrected, again.DifferencePence));
        Assert.Equal([("E1", 225L), ("E2", 450L)], (await NetAsync(clinic)).OrderBy(net => net.Event, StringComparer.Ordinal));
        Assert.Equal(["2026-01-01 450000", "2026-10-01 450000"], await PricesAsync(clinic));
        await CorrectAsync(clinic, "E2", "Reverse");
        Assert.Equal(("E2", 0L), (await NetAsync(clinic)).Single(net => net.Event == "E2"));
        Assert.Contains("are right", (await clinic.Visitor.PageAsync("/usage-report/rows-verified?year=2026&month=10")).QuerySelector("[data-verified=agrees]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_whose_cost_stayed_the_same_is_adjusted_at_the_new_price_and_a_price_set_meanwhile_stays()
    {
        using var clinic = await PricedAsync();
        await StoreAsync(clinic, CsvRow.Session("E1", "2026-10-05T09:00:00Z", minutes: 5));
        var repricing = await RepriceAsync(clinic, "2026-10-01", "", "0.454", "Wrong");
        Assert.Equal(0, repricing.Corrected);
        await CorrectAsync(clinic, "E1", "Adjust", ("Input.Minutes", "60"));
        Assert.Equal([("E1", 545L)], await NetAsync(clinic));
        Assert.Contains("are right", (await clinic.Visitor.PageAsync("/usage-report/rows-verified?year=2026&month=10")).QuerySelector("[data-verified=agrees]")!.TextContent, StringComparison.Ordinal);

        // Asked for while no later price was there; one was set before it ran.
        await clinics.Site.PriceAsync(clinic.Id, new DateOnly(2027, 1, 1), 900_000);
        var asked = new Repricing { Id = Guid.NewGuid(), SubscriptionId = clinic.Id, FirstDay = new DateOnly(2026, 10, 1), PriceMicros = 500_000, Reason = "Wrong", RequestedBy = clinic.Email, RequestedAt = clinics.Site.Clock.GetUtcNow().AddSeconds(1), State = RepricingState.Running };
        await clinics.Site.InAsync(clinic.Id, async services =>
        {
            services.GetRequiredService<CreditUsageDb>().Add(asked);
            await services.GetRequiredService<CreditUsageDb>().SaveChangesAsync();
            return await services.GetRequiredService<Reprice>().RunAsync(asked, (_, _) => Task.CompletedTask, CancellationToken.None);
        });
        Assert.Equal(["2026-01-01 450000", "2026-10-01 500000", "2027-01-01 900000"], await PricesAsync(clinic));
        Assert.Equal(new DateOnly(2026, 12, 31), await clinic.InAsync(db => db.Repricings.Where(row => row.Id == asked.Id).Select(row => row.LastDay).SingleAsync()));
        Assert.Equal([("E1", 600L)], await NetAsync(clinic));
    }

    [Fact]
    public async Task A_price_that_came_late_prices_what_had_none_and_months_that_are_closed_stay()
    {
        using var clinic = await clinics.ClinicAsync(Roles.Administrator);
        await clinics.Site.PriceAsync(clinic.Id, new DateOnly(2026, 10, 15), 450_000);
        await StoreAsync(clinic, CsvRow.Session("E1", "2026-10-05T09:00:00Z", minutes: 50), CsvRow.Session("E2", "2026-10-20T09:00:00Z", minutes: 50));
        await clinic.CloseAsync(new UsageMonth(2026, 9));
        using var closed = await clinic.Visitor.GetAsync($"{Page}?from=2026-09-30&to=&price=0.5");
        Assert.Contains("September 2026 is closed. Choose a first day from 01/10/2026 on.", (await Visitor.ReadAsync(closed)).QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);

        var repricing = await RepriceAsync(clinic, "2026-10-01", "2026-10-31", "0.5", "Late");

        Assert.Equal((1, 1, 50L), (repricing.Corrected, repricing.Priced, repricing.DifferencePence));
        Assert.Equal([("E1", 500L), ("E2", 500L)], (await NetAsync(clinic)).OrderBy(net => net.Event, StringComparer.Ordinal));
        Assert.Equal(["2026-10-01 500000", "2026-11-01 450000"], await PricesAsync(clinic));
    }

    [Fact]
    public async Task Sent_often_it_is_done_once()
    {
        using var clinic = await PricedAsync();
        await StoreAsync(clinic, [.. Enumerable.Range(1, 1500).Select(i => CsvRow.Session($"E{i}", "2026-10-05T09:00:00Z", minutes: 5))]);
        var form = Form("2026-10-01", "", "0.55", "Wrong");
        foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => clinic.Visitor.PostAsync(Page, Page, form)))) answer.Dispose();
        await DoneAsync(clinic);

        Assert.Equal((3000, 1500 * 55L), (await clinic.InAsync(db => db.UsageEvents.CountAsync()), await clinic.InAsync(db => db.UsageEvents.SumAsync(usage => usage.CostPence ?? 0))));
        Assert.Equal(["2026-01-01 450000", "2026-10-01 550000"], await PricesAsync(clinic));
    }

    [Fact]
    public async Task What_is_typed_wrong_is_said_and_only_an_administrator_of_the_clinic_reprices()
    {
        using var clinic = await PricedAsync();
        using var finance = await clinics.ClinicAsync();
        foreach (var (from, to, price, fault) in new[]
        {
            ("", "", "0.5", "Enter the first day"), ("2026-10-01", "x", "0.5", "Enter the last day"), ("2026-10-01", "", "", "Enter pounds"), ("2026-10-02", "2026-10-01", "0.5", "The last day is before the first."),
            ("2025-01-01", "2025-12-31", "0.5", "These days have no price yet."),
        })
        {
            using var answer = await clinic.Visitor.GetAsync($"{Page}?from={from}&to={to}&price={price}");
            Assert.Equal((fault, HttpStatusCode.UnprocessableEntity), (fault, answer.StatusCode));
            Assert.Contains(fault, (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
        }
        using var silent = await clinic.Visitor.PostAsync($"{Page}?from=2026-10-01&price=0.5", Page, Form("2026-10-01", "", "0.5", " "));
        Assert.Contains("Enter the reason.", (await Visitor.ReadAsync(silent)).QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(await clinic.InAsync(db => db.Repricings.ToListAsync()));
        using var refused = await finance.Visitor.GetAsync(Page);
        Assert.NotEqual(HttpStatusCode.OK, refused.StatusCode);
        var repricing = await RepriceAsync(clinic, "2026-10-01", "", "0.5", "Right");
        using var foreign = await finance.Visitor.GetAsync($"{Page}/{repricing.Id}");
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    private async Task<ImportClinic> PricedAsync()
    {
        var clinic = await clinics.ClinicAsync(Roles.Administrator);
        await clinics.Site.PriceAsync(clinic.Id, new DateOnly(2026, 1, 1), 450_000);
        return clinic;
    }

    private async Task StoreAsync(ImportClinic clinic, params string[] rows) => await clinics.Site.ImportRowsAsync(clinic.Id, rows);

    private static async Task CorrectAsync(ImportClinic clinic, string eventId, string handler, params (string Field, string Value)[] fields)
    {
        var form = fields.ToDictionary(field => field.Field, field => field.Value);
        form["Input.Reason"] = "Corrected";
        (await clinic.Visitor.PostAsync($"/corrections?event={eventId}", $"/corrections?handler={handler}&event={eventId}", form)).Dispose();
    }

    private static Dictionary<string, string> Form(string from, string to, string price, string reason) => new() { ["from"] = from, ["to"] = to, ["price"] = price, ["reason"] = reason };

    private static async Task<Repricing> RepriceAsync(ImportClinic clinic, string from, string to, string price, string reason)
    {
        using var answer = await clinic.Visitor.PostAsync($"{Page}?from={from}&to={to}&price={price}", Page, Form(from, to, price, reason));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        await DoneAsync(clinic);
        return await clinic.InAsync(db => db.Repricings.AsNoTracking().OrderByDescending(repricing => repricing.RequestedAt).FirstAsync());
    }

    private static Task DoneAsync(ImportClinic clinic) => Wait.UntilAsync(async () => !await clinic.InAsync(db => db.Repricings.AnyAsync(repricing => repricing.State == RepricingState.Running)));

    private static async Task<IEnumerable<(string Event, long Pence)>> NetAsync(ImportClinic clinic)
    {
        var rows = await clinic.InAsync(db => db.UsageEvents.AsNoTracking().ToListAsync());
        return rows.Where(row => row.Correction is null).Select(row => (row.EventId, row.CostPence!.Value + rows.Where(correction => correction.CorrectsId == row.Id).Sum(correction => correction.CostPence!.Value)));
    }

    private static async Task<IReadOnlyList<string>> PricesAsync(ImportClinic clinic) =>
        [.. (await clinic.InAsync(db => db.CreditPrices.OrderBy(price => price.ValidFrom).ToListAsync())).Select(price => $"{price.ValidFrom:yyyy-MM-dd} {price.PriceMicros}")];
}
