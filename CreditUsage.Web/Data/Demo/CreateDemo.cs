using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Data.Demo;

/// <summary>Fills an empty database with two invented clinics, 27 complete months each and the one in progress, and a Finance Administrator and an Administrator in each.</summary>
public sealed class CreateDemo(IServiceScopeFactory scopes, TimeProvider clock)
{
    private const int Months = 27;
    private const int PackSize = 500;

    /// <summary>VAT of a fifth included.</summary>
    private const int PackPence = 27_000;

    private static readonly DemoClinic[] Clinics =
    [
        new("Riverside Clinic", "riverside.example", Seed: 20260827, Prefix: "R", Staff: 14, Clients: 260),
        new("Hilltop Practice", "hilltop.example", Seed: 20261114, Prefix: "H", Staff: 5, Clients: 90),
    ];

    /// <returns>Each user's address and password, or nothing when the demo was made before.</returns>
    /// <param name="finance">The role of those who report.</param>
    /// <param name="administrator">The role of those who look after users, keys and the audit.</param>
    public async Task<IReadOnlyList<(string Email, string Password)>> RunAsync(string finance, string administrator, CancellationToken cancellation)
    {
        var users = new List<(string, string)>();
        foreach (var clinic in Clinics) users.AddRange(await CreateAsync(clinic, finance, administrator, cancellation));
        return users;
    }

    /// <summary>The users come last, so a clinic that was cut off half-way is seen and begun anew under another id.</summary>
    private async Task<IReadOnlyList<(string Email, string Password)>> CreateAsync(DemoClinic clinic, string finance, string administrator, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
        if (await db.Users.AnyAsync(user => user.Email == clinic.Finance, cancellation)) return [];

        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var subscription = new Subscription { Name = clinic.Name, StartsOn = UsageMonth.Of(today).Start.AddMonths(-Months) };
        db.Add(subscription);
        await db.SaveChangesAsync(cancellation);
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(subscription.Id);
        await AddPricesAsync(db, subscription, cancellation);
        await AddUsageAsync(db, clinic, subscription.StartsOn, today, cancellation);
        await AddPurchasesAsync(db, clinic, subscription, today, cancellation);

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

    private async Task AddUsageAsync(CreditUsageDb db, DemoClinic clinic, DateOnly start, DateOnly end, CancellationToken cancellation)
    {
        await using var record = await RecordUsage.BeginAsync(db, UsageSource.Import, "the demo", clock, cancellation);
        foreach (var usage in new DemoUsage(clinic.Seed, clinic.Prefix, clinic.Staff, clinic.Clients).Between(start, end))
            await record.AddAsync(0, usage, cancellation);
        await record.FlushAsync(cancellation);
        await record.CommitAsync(cancellation);
    }

    /// <summary>At the beginning of each month that began since, about what a month uses.</summary>
    private static Task<int> AddPurchasesAsync(CreditUsageDb db, DemoClinic clinic, Subscription subscription, DateOnly today, CancellationToken cancellation)
    {
        for (var (day, number) = (subscription.StartsOn, 1); day <= today; (day, number) = (day.AddMonths(1), number + 1))
            db.Add(Purchase(clinic, subscription, day, number));
        return db.SaveChangesAsync(cancellation);
    }

    private static LedgerEntry Purchase(DemoClinic clinic, Subscription subscription, DateOnly day, int number)
    {
        var packs = clinic.Clients / 20;
        var at = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        return new LedgerEntry
        {
            SubscriptionId = subscription.Id,
            Kind = LedgerEntryKind.Purchase,
            ServiceDate = day,
            ReportMonth = UsageMonth.Of(day),
            PostedAt = at,
            Credits = packs * PackSize,
            PackSize = PackSize,
            PaidPence = packs * PackPence,
            VatPence = packs * PackPence / 6,
            InvoiceNumber = $"{clinic.Prefix}-{number:0000}",
            RecordedAt = at,
            RecordedBy = "the demo",
        };
    }

    private sealed record DemoClinic(string Name, string Domain, int Seed, string Prefix, int Staff, int Clients)
    {
        public string Finance => $"finance@{Domain}";
    }
}
