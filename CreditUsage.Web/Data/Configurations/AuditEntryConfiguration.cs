using CreditUsage.Domain.Auditing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.Property(entry => entry.Hash).HasMaxLength(64);
        builder.Property(entry => entry.PreviousHash).HasMaxLength(64);
        builder.HasIndex(entry => new { entry.SubscriptionId, entry.Sequence }).IsUnique();
    }
}
