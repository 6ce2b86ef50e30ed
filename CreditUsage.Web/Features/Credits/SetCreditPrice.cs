using System.CommandLine;
using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>
/// Adds a price from a day on and prices the events that were waiting for one. It never changes a price in use or a closed month
/// (domain.md rules 7 and 8).
/// </summary>
public sealed class SetCreditPrice(CreditUsageDb db, AuditLog audit, TimeProvider clock)
{
    public const long MaxMicros = 10_000 * CreditPrice.MicrosPerPound;
    private const int MaxYearsAhead = 10;

    /// <param name="priceMicros">Millionths of a pound, 0 to <see cref="MaxMicros"/>.</param>
    /// <exception cref="UserFacingException">The price would change existing costs; the message says what to do.</exception>
    public async Task<int> RunAsync(DateOnly validFrom, long priceMicros, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(priceMicros);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priceMicros, MaxMicros);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var next = await NextAsync(validFrom, cancellation);
        await RefuseAsync(validFrom, next, cancellation);

        var price = new CreditPrice { SubscriptionId = db.RequireSubscriptionId(), ValidFrom = validFrom, PriceMicros = priceMicros };
        db.Add(price);
        await db.SaveChangesAsync(cancellation);
        var priced = await PriceDays.PriceWithheldAsync(db, validFrom, next == DateOnly.MaxValue ? next : next.AddDays(-1), priceMicros, cancellation);
        await audit.AddAsync(AuditAction.Price, $"Credit price from {Display.Day(validFrom)}", $"Set to {PricePeriod.Format(priceMicros)}, which gave {Display.Count(priced, "event its cost", "events their cost")}.", cancellation);
        await transaction.CommitAsync(cancellation);
        return priced;
    }

    /// <summary>DateOnly.MaxValue where there is no later price.</summary>
    private async Task<DateOnly> NextAsync(DateOnly day, CancellationToken cancellation) =>
        await db.CreditPrices.Where(other => other.ValidFrom > day).MinAsync(other => (DateOnly?)other.ValidFrom, cancellation) ?? DateOnly.MaxValue;

    private async Task RefuseAsync(DateOnly validFrom, DateOnly next, CancellationToken cancellation)
    {
        if (await db.CreditPrices.AnyAsync(price => price.ValidFrom == validFrom, cancellation))
            throw new UserFacingException($"There is already a price from {Display.Day(validFrom)}. Choose another day.");
        var latest = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddYears(MaxYearsAhead);
        if (validFrom > latest) throw new UserFacingException($"Choose a first day no later than {Display.Day(latest)}.");
        var closed = await db.ClosedMonthsAsync(cancellation);
        if (closed.Latest is { } month && validFrom < month.End && !await AnyLateAsync(validFrom, next, month, cancellation)) PriceDays.RefuseClosed(closed, validFrom);
        await RefusePricedAsync(validFrom, next, cancellation);
    }

    /// <summary>Late events of a closed month may wait for a price of its days. Events reported in a closed month all have their cost.</summary>
    private Task<bool> AnyLateAsync(DateOnly validFrom, DateOnly next, UsageMonth closed, CancellationToken cancellation) => db.UsageEvents.AnyAsync(
        usage => usage.ReportMonth > closed && usage.CostPence == null && usage.ServiceDate >= validFrom && usage.ServiceDate < next && usage.ServiceDate < closed.End, cancellation);

    private async Task RefusePricedAsync(DateOnly validFrom, DateOnly next, CancellationToken cancellation)
    {
        var later = db.UsageEvents.Where(usage => usage.UnitPriceMicros != null && usage.ReportMonth >= UsageMonth.Of(validFrom) && usage.ServiceDate >= validFrom);
        var events = await later.CountAsync(usage => usage.ServiceDate < next, cancellation);
        if (events == 0) return;
        var last = await later.MaxAsync(usage => usage.ServiceDate, cancellation);
        throw new UserFacingException(
            $"{Display.Count(events, "event has its", "events have their")} price already, so it cannot change. The last day with such events is {Display.Day(last)}: choose a first day from {Display.Day(last.AddDays(1))} on.");
    }
}

public static class SetPriceVerb
{
    public static Command Create(VerbHost host)
    {
        var subscription = VerbOptions.Subscription();
        var from = VerbOptions.Day("--from", "The first day that the price is valid on");
        var price = new Option<long>("--gbp")
        {
            Description = "Pounds for a credit, with up to six decimals",
            HelpName = "0.45",
            Required = true,
            CustomParser = result => VerbOptions.Parsed(result, "a price, such as 0.45", text => LedgerFields.Micros(text, SetCreditPrice.MaxMicros)),
        };
        var command = new Command("set-price", "Sets a credit's price from a day on") { subscription, from, price };
        command.SetAction((parsed, cancellation) => host.RunAsync(
            parsed.GetValue(subscription), services => RunAsync(services, parsed.GetValue(from), parsed.GetValue(price), cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, DateOnly from, long micros, CancellationToken cancellation)
    {
        var priced = await services.GetRequiredService<SetCreditPrice>().RunAsync(from, micros, cancellation);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A credit costs {PricePeriod.Format(micros)} from {from:yyyy-MM-dd} on."));
        if (priced > 0) Console.Out.WriteLine($"{priced} events that had no price have their cost now.");
        return VerbHost.Done;
    }
}
