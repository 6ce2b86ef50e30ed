using CreditUsage.Data;
using CreditUsage.Data.PostgreSql;
using CreditUsage.Data.Sqlite;
using CreditUsage.Domain;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Integrity;
using CreditUsage.Domain.People;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Data;

[Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.ForeignIds)]
public sealed class OwnershipTests(Site site) : IClassFixture<Site>
{
    private static readonly Dictionary<Type, string> OwnedByNobody = new()
    {
        [typeof(Subscription)] = "is the owner itself",
        [typeof(AppUser)] = "is found by e-mail address before the subscription is known",
        [typeof(IdentityRole)] = "the same three for everybody",
        [typeof(IdentityUserRole<string>)] = "belongs to a user",
        [typeof(IdentityUserClaim<string>)] = "belongs to a user",
        [typeof(IdentityUserLogin<string>)] = "belongs to a user",
        [typeof(IdentityUserToken<string>)] = "belongs to a user",
        [typeof(IdentityRoleClaim<string>)] = "belongs to a role",
        [typeof(PasswordLink)] = "read before the subscription is known",
        [typeof(DataProtectionKey)] = "encrypts the cookies of the whole site",
        [typeof(DataCheck)] = "is of the whole site too, and read by /health/ready without a sign-in",
        [typeof(StoredFile)] = "goes by its content, which several subscriptions may have",
        [typeof(StoredFilePart)] = "is part of such a file",
        [typeof(SignInSession)] = "is found by the key in a cookie before the subscription is known",
        [typeof(KnownBrowser)] = "is found by the key in a cookie before the subscription is known",
    };

    [Fact]
    public async Task Every_table_belongs_to_a_subscription_and_is_filtered_or_is_a_listed_exception()
    {
        await using var scope = site.Services.CreateAsyncScope();
        var tables = scope.ServiceProvider.GetRequiredService<CreditUsageDb>().Model.GetEntityTypes().Where(entity => !OwnedByNobody.ContainsKey(entity.ClrType)).ToList();

        Assert.Contains(tables, entity => entity.ClrType == typeof(UsageEvent));
        Assert.All(tables, entity =>
        {
            Assert.True(typeof(IOwnedBySubscription).IsAssignableFrom(entity.ClrType), $"{entity.Name} must implement IOwnedBySubscription or be listed here with its reason.");
            Assert.False(entity.FindProperty(nameof(IOwnedBySubscription.SubscriptionId))!.IsNullable);
            Assert.Contains(entity.GetDeclaredQueryFilters(), filter => filter.Expression!.ToString().Contains(nameof(IOwnedBySubscription.SubscriptionId), StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task The_migrations_of_each_engine_make_what_the_model_says()
    {
        // Neither connects.
        await using var file = new SqliteCreditUsageDb(new DbContextOptionsBuilder<SqliteCreditUsageDb>().UseSqlite().UseApplicationServiceProvider(site.Services).Options, new CurrentSubscription());
        await using var server = new PostgreSqlCreditUsageDb(new DbContextOptionsBuilder<PostgreSqlCreditUsageDb>().UseNpgsql().UseApplicationServiceProvider(site.Services).Options, new CurrentSubscription());
        Assert.Equal((false, false), (file.Database.HasPendingModelChanges(), server.Database.HasPendingModelChanges()));
    }

    [Fact]
    public async Task Another_subscriptions_rows_are_invisible_in_every_table()
    {
        var (mine, other) = (await site.SubscriptionAsync("Mine", new DateOnly(2026, 1, 1)), await site.SubscriptionAsync("Other", new DateOnly(2026, 1, 1)));
        await site.PriceAsync(other, new DateOnly(2026, 1, 1), 450_000);
        await site.ImportRowsAsync(other, CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.TopUp("E2", "2026-10-01"));

        var counts = await site.InAsync(mine, CountsAsync);
        var othersCounts = await site.InAsync(other, CountsAsync);

        Assert.Equal([0, 0, 0, 0, 0, 0], counts);
        Assert.Equal([2, 1, 1, 1, 1, 1], othersCounts);
    }

    [Fact]
    public async Task Without_a_subscription_nothing_is_seen_and_nothing_written()
    {
        var other = await site.SubscriptionAsync("Seen by nobody", new DateOnly(2026, 1, 1));
        await site.PriceAsync(other, new DateOnly(2026, 1, 1), 450_000);
        await using var scope = site.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();

        Assert.Empty(await db.CreditPrices.ToListAsync());
        db.Add(new CreditPrice { SubscriptionId = other, ValidFrom = new DateOnly(2026, 2, 1), PriceMicros = 1 });
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync());
    }

    [Theory]
    [InlineData(EntityState.Added)]
    [InlineData(EntityState.Modified)]
    [InlineData(EntityState.Deleted)]
    public async Task A_write_for_another_subscription_is_refused(EntityState state)
    {
        var (mine, other) = (await site.SubscriptionAsync("Mine", new DateOnly(2026, 1, 1)), await site.SubscriptionAsync("Other", new DateOnly(2026, 1, 1)));
        await site.PriceAsync(other, new DateOnly(2026, 1, 1), 450_000);
        var prices = await site.InAsync(other, services => services.GetRequiredService<CreditUsageDb>().CreditPrices.AsNoTracking().ToListAsync());

        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => site.InAsync(mine, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            var row = state == EntityState.Added ? new CreditPrice { SubscriptionId = other, ValidFrom = new DateOnly(2026, 2, 1), PriceMicros = 1 } : prices[0];
            db.Entry(row).State = state;
            return await db.SaveChangesAsync();
        }));

        Assert.Contains("another subscription", problem.Message, StringComparison.Ordinal);
        Assert.Equal(450_000, Assert.Single(await site.InAsync(other, services => services.GetRequiredService<CreditUsageDb>().CreditPrices.ToListAsync())).PriceMicros);
    }

    [Fact]
    public async Task A_scope_cannot_change_its_subscription()
    {
        await using var scope = site.Services.CreateAsyncScope();
        var current = scope.ServiceProvider.GetRequiredService<CurrentSubscription>();
        current.Enter(1);
        current.Enter(1);
        Assert.Throws<InvalidOperationException>(() => current.Enter(2));
    }

    private static async Task<int[]> CountsAsync(IServiceProvider services)
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        return
        [
            await db.UsageEvents.CountAsync(), await db.CreditPrices.CountAsync(), await db.StaffMembers.CountAsync(),
            await db.Clients.CountAsync(), await db.Programs.CountAsync(), await db.TopUpDevices.CountAsync(),
        ];
    }
}
