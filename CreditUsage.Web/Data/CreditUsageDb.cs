using System.Linq.Expressions;
using CreditUsage.Domain;
using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Domain.Integrity;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.People;
using CreditUsage.Domain.Privacy;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using CreditUsage.Domain.Webhooks;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CreditUsage.Data;

/// <summary>Filters reads to the current subscription and checks writes against it. Each engine has a subclass with its own migrations.</summary>
public abstract class CreditUsageDb(DbContextOptions options, CurrentSubscription current)
    : IdentityDbContext<AppUser>(options), IDataProtectionKeyContext
{
    public DbSet<Subscription> Subscriptions => Set<Subscription>();
    public DbSet<StaffMember> StaffMembers => Set<StaffMember>();
    public DbSet<Client> Clients => Set<Client>();
    public DbSet<TreatmentProgram> Programs => Set<TreatmentProgram>();
    public DbSet<TopUpDevice> TopUpDevices => Set<TopUpDevice>();
    public DbSet<UsageEvent> UsageEvents => Set<UsageEvent>();
    public DbSet<CreditPrice> CreditPrices => Set<CreditPrice>();
    public DbSet<Repricing> Repricings => Set<Repricing>();
    public DbSet<LedgerEntry> LedgerEntries => Set<LedgerEntry>();
    public DbSet<BalanceProof> BalanceProofs => Set<BalanceProof>();
    public DbSet<TopUpSchedule> TopUpSchedules => Set<TopUpSchedule>();
    public DbSet<UsageIntake> UsageIntakes => Set<UsageIntake>();
    public DbSet<UsageImport> UsageImports => Set<UsageImport>();
    public DbSet<ImportMapping> ImportMappings => Set<ImportMapping>();
    public DbSet<ImportFilePart> ImportFileParts => Set<ImportFilePart>();
    public DbSet<MonthClosing> MonthClosings => Set<MonthClosing>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<IdempotentAnswer> IdempotentAnswers => Set<IdempotentAnswer>();
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();
    public DbSet<SavedReport> SavedReports => Set<SavedReport>();
    public DbSet<StoredFile> StoredFiles => Set<StoredFile>();
    public DbSet<StoredFilePart> StoredFileParts => Set<StoredFilePart>();
    public DbSet<Letterhead> Letterheads => Set<Letterhead>();
    public DbSet<ReportJob> ReportJobs => Set<ReportJob>();
    public DbSet<DeliverySchedule> DeliverySchedules => Set<DeliverySchedule>();
    public DbSet<DeliveryRecipient> DeliveryRecipients => Set<DeliveryRecipient>();
    public DbSet<Delivery> Deliveries => Set<Delivery>();
    public DbSet<DeliveryAttempt> DeliveryAttempts => Set<DeliveryAttempt>();
    public DbSet<WebhookEndpoint> WebhookEndpoints => Set<WebhookEndpoint>();
    public DbSet<WebhookMessage> WebhookMessages => Set<WebhookMessage>();
    public DbSet<WebhookAttempt> WebhookAttempts => Set<WebhookAttempt>();
    public DbSet<SavedView> SavedViews => Set<SavedView>();
    public DbSet<DismissedFinding> DismissedFindings => Set<DismissedFinding>();
    public DbSet<AlertRule> AlertRules => Set<AlertRule>();
    public DbSet<AlertFiring> AlertFirings => Set<AlertFiring>();
    public DbSet<AlertNotice> AlertNotices => Set<AlertNotice>();
    public DbSet<AccountMapping> AccountMappings => Set<AccountMapping>();
    public DbSet<Anonymisation> Anonymisations => Set<Anonymisation>();
    public DbSet<ReplacedFile> ReplacedFiles => Set<ReplacedFile>();
    public DbSet<DataCheck> DataChecks => Set<DataCheck>();
    public DbSet<Membership> Memberships => Set<Membership>();
    public DbSet<SignInSession> SignInSessions => Set<SignInSession>();
    public DbSet<KnownBrowser> KnownBrowsers => Set<KnownBrowser>();
    public DbSet<PasswordLink> PasswordLinks => Set<PasswordLink>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Query filters by name: of the current subscription, and not of an import that is still being stored (docs/decisions/0021).</summary>
    internal const string OwnedOnly = "owned", StoredOnly = "stored";

    /// <summary>Null while no subscription is entered; it matches no row.</summary>
    public int? SubscriptionId => current.Id;

    public int RequireSubscriptionId() =>
        SubscriptionId ?? throw new InvalidOperationException("No subscription has been entered in this scope.");

    /// <summary>Holds the write lock from its start, so that nothing read in the transaction changes before it ends.</summary>
    public abstract Task<IDbContextTransaction> BeginWriteAsync(CancellationToken cancellation);

    /// <summary>Whether the write lock could be had within <paramref name="patience"/>; it is given back at once. Anything but a lock in the way is thrown.</summary>
    public abstract Task<bool> CanWriteAsync(TimeSpan patience, CancellationToken cancellation);

    /// <summary>Lasts until <see cref="EndSnapshotAsync"/> or disposal. Cancelling <paramref name="cancellation"/> stops a running query.</summary>
    public abstract Task BeginSnapshotAsync(CancellationToken cancellation);

    public abstract Task EndSnapshotAsync();

    /// <summary>Equal for two snapshots of the same content, for as long as the process runs; null outside of a snapshot and where it cannot be told.</summary>
    public long? SnapshotState { get; protected set; }

    /// <summary>The database's size on the disk, in bytes; 0 where there is none.</summary>
    public abstract long SizeBytes { get; }

    /// <summary>What is wrong with the database's own structure, the first of it; null where nothing is. In full, indexes and references are checked too.</summary>
    public abstract Task<string?> CheckAsync(bool full, CancellationToken cancellation);

    /// <summary>The program that backs up this engine's databases; null where <see cref="CopyToAsync"/> does.</summary>
    public abstract string? BackedUpBy { get; }

    /// <summary>Copies the state of one instant, whatever is written meanwhile, and returns the name of the file. Brings nothing to the disk by force.</summary>
    public abstract Task<string> CopyToAsync(string folder, CancellationToken cancellation);

    /// <summary>Closes what is kept open for the next, so that the database is in its file alone.</summary>
    public abstract void CloseConnections();

    /// <summary>Whether a newer version of the program has made or migrated the database.</summary>
    public virtual async Task<bool> IsNewerAsync(CancellationToken cancellation) =>
        (await Database.GetAppliedMigrationsAsync(cancellation)).Except(Database.GetMigrations(), StringComparer.Ordinal).Any();

    /// <summary>Gives the site's role its rights, too, where another one migrates.</summary>
    /// <returns>The names of the migrations that were applied.</returns>
    /// <exception cref="MigrationException">Another process migrates, or the role may not.</exception>
    public abstract Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellation);

    /// <summary>A sentence where the database does not keep subscriptions apart by itself although its engine can; null where it does, or cannot.</summary>
    public virtual Task<string?> WarningAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    /// <summary>See <see cref="EverySubscription.WriteAsync"/>.</summary>
    internal bool WritesToEverySubscription { get; set; }

    /// <summary>For statements that are not the model's own: until the connection is closed they see the rows of every subscription.</summary>
    internal virtual Task SeeEverySubscriptionAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Removes what was deleted from the files for good: an engine keeps it where the next row will be written.</summary>
    /// <returns>False where a long read was in the way: then call it again later.</returns>
    public abstract Task<bool> EraseDeletedAsync(CancellationToken cancellation);

    /// <summary>Within a write, the answer holds until it ends.</summary>
    public async Task<ClosedMonths> ClosedMonthsAsync(CancellationToken cancellation) =>
        ClosedMonths.Of(await MonthClosings.AsNoTracking().Where(closing => closing.ReopenedAt == null).ToListAsync(cancellation));

    internal abstract UsageInsert PrepareUsageInsert();

    /// <summary>Within a write: a block of ids that no other event gets.</summary>
    internal abstract Task<long> ReserveUsageBlockAsync(CancellationToken cancellation);

    /// <summary>In the current transaction.</summary>
    internal abstract Task<TableWriter> BeginCopyAsync(ITable table, CancellationToken cancellation);

    /// <summary>What an engine keeps beside its rows, such as the next number of a key, is made to fit them.</summary>
    internal abstract Task AfterCopyAsync(IReadOnlyList<ITable> tables, CancellationToken cancellation);

    internal abstract Task<UsageDryRun> BeginDryRunAsync(CancellationToken cancellation);

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        RefuseOtherSubscriptions();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RefuseOtherSubscriptions();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        // One index for each foreign key made the events' table half as large again and no query faster.
        configurationBuilder.Conventions.Remove<ForeignKeyIndexConvention>();
        // SQLite cannot order DateTimeOffset; milliseconds since 1970 order and compare natively on every engine.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        configurationBuilder.Properties<UsageMonth>().HaveConversion<MonthNumber>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(CreditUsageDb).Assembly);
        foreach (var type in builder.Model.GetEntityTypes().Select(entity => entity.ClrType).Where(typeof(IOwnedBySubscription).IsAssignableFrom).ToList())
            builder.Entity(type).HasQueryFilter(OwnedOnly, OwnedByCurrent(type)).HasOne(typeof(Subscription)).WithMany()
                .HasForeignKey(nameof(IOwnedBySubscription.SubscriptionId)).OnDelete(DeleteBehavior.Restrict);
        // Asked once a statement; an arithmetic condition on the key leaves the choice of index as it is.
        builder.Entity<UsageEvent>().HasQueryFilter(StoredOnly, usage => usage.Id / UsageEvent.IdsOfBlock
            != (UsageIntakes.Where(intake => intake.SubscriptionId == SubscriptionId && intake.HiddenBlock != null).Max(intake => intake.HiddenBlock) ?? -1));
    }

    private LambdaExpression OwnedByCurrent(Type type)
    {
        var entity = Expression.Parameter(type, "entity");
        var owner = Expression.Convert(Expression.Property(entity, nameof(IOwnedBySubscription.SubscriptionId)), typeof(int?));
        return Expression.Lambda(Expression.Equal(owner, Expression.Property(Expression.Constant(this, typeof(CreditUsageDb)), nameof(SubscriptionId))), entity);
    }

    private void RefuseOtherSubscriptions()
    {
        foreach (var entry in ChangeTracker.Entries<IOwnedBySubscription>().Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted))
            if (entry.Entity.SubscriptionId != RequireSubscriptionId())
                throw new InvalidOperationException($"A {entry.Metadata.ClrType.Name} of another subscription cannot be written here.");
    }

    private sealed class MonthNumber() : ValueConverter<UsageMonth, int>(value => value.Number, value => UsageMonth.FromNumber(value));

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        value => value.ToUnixTimeMilliseconds(),
        value => DateTimeOffset.FromUnixTimeMilliseconds(value));
}

/// <summary>The message says what to do.</summary>
public sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
