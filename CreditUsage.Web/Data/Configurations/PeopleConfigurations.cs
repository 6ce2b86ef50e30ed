using CreditUsage.Domain;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class SignInSessionConfiguration : IEntityTypeConfiguration<SignInSession>
{
    public void Configure(EntityTypeBuilder<SignInSession> builder)
    {
        builder.HasKey(session => session.KeyHash);
        builder.Property(session => session.KeyHash).HasMaxLength(64);
        builder.Property(session => session.UserId).HasMaxLength(64);
        builder.Property(session => session.Browser).HasMaxLength(64);
        builder.HasIndex(session => session.ExpiresAt);
        builder.HasIndex(session => session.UserId);
    }
}

internal sealed class KnownBrowserConfiguration : IEntityTypeConfiguration<KnownBrowser>
{
    public void Configure(EntityTypeBuilder<KnownBrowser> builder)
    {
        builder.HasKey(browser => browser.KeyHash);
        builder.Property(browser => browser.KeyHash).HasMaxLength(64);
        builder.Property(browser => browser.UserId).HasMaxLength(64);
        builder.HasIndex(browser => browser.ExpiresAt);
        builder.HasIndex(browser => browser.UserId);
    }
}

internal sealed class PasswordLinkConfiguration : IEntityTypeConfiguration<PasswordLink>
{
    public void Configure(EntityTypeBuilder<PasswordLink> builder)
    {
        builder.HasKey(link => link.TokenHash);
        builder.Property(link => link.TokenHash).HasMaxLength(64);
        // Of two requests with the same link one fails.
        builder.Property(link => link.UsedAt).IsConcurrencyToken();
        builder.Property(link => link.WithdrawnAt).IsConcurrencyToken();
        builder.HasIndex(link => link.UserId);
        builder.HasOne<AppUser>().WithMany().HasForeignKey(link => link.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class AppUserConfiguration : IEntityTypeConfiguration<AppUser>
{
    public void Configure(EntityTypeBuilder<AppUser> builder) =>
        builder.HasOne<Subscription>().WithMany().HasForeignKey(user => user.SubscriptionId).OnDelete(DeleteBehavior.Restrict);
}

internal sealed class MembershipConfiguration : IEntityTypeConfiguration<Membership>
{
    public void Configure(EntityTypeBuilder<Membership> builder)
    {
        // By user first: a sign-in looks for all clinics of one.
        builder.HasKey(membership => new { membership.UserId, membership.SubscriptionId });
        builder.Property(membership => membership.Role).HasMaxLength(64);
        builder.Property(membership => membership.InvitedBy).HasMaxLength(256);
        builder.Property(membership => membership.InvitedAs).HasMaxLength(256);
        builder.HasIndex(membership => membership.SubscriptionId);
        builder.HasOne<AppUser>().WithMany().HasForeignKey(membership => membership.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class SubscriptionConfiguration : IEntityTypeConfiguration<Subscription>
{
    public void Configure(EntityTypeBuilder<Subscription> builder)
    {
        builder.Property(subscription => subscription.Name).HasMaxLength(RecordedName.MaxCharacters * 2);
        builder.Property(subscription => subscription.Currency).HasMaxLength(3);
    }
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.Property(entry => entry.Hash).HasMaxLength(64);
        builder.Property(entry => entry.PreviousHash).HasMaxLength(64);
        builder.HasIndex(entry => new { entry.SubscriptionId, entry.Sequence }).IsUnique();
    }
}
