using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Demo;

/// <summary>Fills an empty database with two invented clinics: 27 complete months and the one in progress, with a Finance Administrator and an Administrator in each.</summary>
public sealed class CreateDemo(IServiceScopeFactory scopes, TimeProvider clock)
{
    private const int Months = 27;
    private const string MadeBy = "the demo";

    /// <summary>Includes VAT of a fifth.</summary>
    private const int PackPence = 27_000;

    /// <returns>Each user's address and password; empty when the demo exists already.</returns>
    public async Task<IReadOnlyList<(string Email, string Password)>> RunAsync(string finance, string administrator, CancellationToken cancellation)
    {
        var users = new List<(string, string)>();
        foreach (var clinic in new[] { DemoClinic.Riverside, DemoClinic.Hilltop }) users.AddRange(await CreateAsync(clinic, finance, administrator, cancellation));
        return users;
    }

    /// <summary>The users come last, so a clinic that was interrupted half-way is recognised and created again under another id.</summary>
    private async Task<IReadOnlyList<(string Email, string Password)>> CreateAsync(DemoClinic clinic, string finance, string administrator, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
        if (await db.Users.AnyAsync(user => user.Email == clinic.Finance, cancellation)) return [];

        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var subscription = new Subscription { Name = clinic.Name, StartsOn = UsageMonth.Of(today).Start.AddMonths(-Months), ChargesTopUpsFrom = today };
        db.Add(subscription);
        await db.SaveChangesAsync(cancellation);
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(subscription.Id);
        await AddPricesAsync(db, subscription, cancellation);
        await AddUsageAsync(db, clinic, subscription, today, cancellation);
        await AddPurchasesAsync(db, clinic, subscription, cancellation);

        var create = scope.ServiceProvider.GetRequiredService<CreateUser>();
        var administratorsPassword = await UserAsync(create, $"administrator@{clinic.Domain}", administrator);
        return [await UserAsync(create, clinic.Finance, finance), administratorsPassword];
    }

    private static async Task<(string Email, string Password)> UserAsync(CreateUser create, string email, string role)
    {
        var password = CreateUser.GeneratePassword();
        await create.RunAsync(email, password, role);
        return (email, password);
    }

    private static Task AddPricesAsync(CreditUsageDb db, Subscription subscription, CancellationToken cancellation)
    {
        db.AddRange(
            new CreditPrice { SubscriptionId = subscription.Id, ValidFrom = subscription.StartsOn, PriceMicros = 450_000 },
            new CreditPrice { SubscriptionId = subscription.Id, ValidFrom = subscription.StartsOn.AddMonths(8), PriceMicros = 480_000 },
            new CreditPrice { SubscriptionId = subscription.Id, ValidFrom = subscription.StartsOn.AddMonths(20), PriceMicros = 525_000 });
        return db.SaveChangesAsync(cancellation);
    }

    /// <summary>Adds usage and its schedules. The site charges top-ups from today on; every earlier day has its top-up, so the complete months do not change.</summary>
    private async Task AddUsageAsync(CreditUsageDb db, DemoClinic clinic, Subscription subscription, DateOnly today, CancellationToken cancellation)
    {
        var demo = clinic.UsageFrom(subscription.StartsOn);
        db.AddRange(demo.Schedules.Select(terms => terms.Begin(subscription.Id, Midnight(terms.FirstDay), MadeBy)));
        await db.SaveChangesAsync(cancellation);
        await using var record = await RecordUsage.BeginAsync(db, UsageSource.Import, MadeBy, clock, cancellation);
        foreach (var usage in demo.Before(today)) await record.AddAsync(0, usage, cancellation);
        await record.FlushAsync(cancellation);
        await record.CommitAsync(cancellation);
    }

    private static async Task AddPurchasesAsync(CreditUsageDb db, DemoClinic clinic, Subscription subscription, CancellationToken cancellation)
    {
        var used = await db.UsageEvents.GroupBy(usage => usage.ReportMonth).Select(month => new { month.Key, Credits = month.Sum(usage => (long)usage.Credits) })
            .ToDictionaryAsync(month => month.Key, month => month.Credits, cancellation);
        var months = Enumerable.Range(UsageMonth.Of(subscription.StartsOn).Number, Months + 1).Select(UsageMonth.FromNumber).ToList();
        var packs = DemoPurchases.PacksByMonth(months.ConvertAll(month => used.GetValueOrDefault(month)));
        db.AddRange(months.Zip(packs).Where(bought => bought.Second > 0).Select((bought, before) => Purchase(clinic, subscription, bought.First.Start, bought.Second, before + 1)));
        await db.SaveChangesAsync(cancellation);
    }

    private static LedgerEntry Purchase(DemoClinic clinic, Subscription subscription, DateOnly day, int packs, int number) => new()
    {
        SubscriptionId = subscription.Id,
        Kind = LedgerEntryKind.Purchase,
        ServiceDate = day,
        ReportMonth = UsageMonth.Of(day),
        PostedAt = Midnight(day),
        Credits = packs * DemoPurchases.PackSize,
        PackSize = DemoPurchases.PackSize,
        PaidPence = packs * PackPence,
        VatPence = packs * PackPence / 6,
        InvoiceNumber = $"{clinic.Prefix}-{number:0000}",
        RecordedAt = Midnight(day),
        RecordedBy = MadeBy,
    };

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
