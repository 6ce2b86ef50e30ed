using CreditUsage.Domain.Deliveries;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

/// <summary>How closed months go out: when, to whom, and what came of it.</summary>
internal sealed class DeliveryConfigurations :
    IEntityTypeConfiguration<DeliverySchedule>, IEntityTypeConfiguration<DeliveryRecipient>, IEntityTypeConfiguration<Delivery>, IEntityTypeConfiguration<DeliveryAttempt>
{
    private const int Who = 256;

    public void Configure(EntityTypeBuilder<DeliverySchedule> builder)
    {
        builder.Property(schedule => schedule.SetBy).HasMaxLength(Who);
        builder.HasIndex(schedule => schedule.SubscriptionId).IsUnique();
    }

    public void Configure(EntityTypeBuilder<DeliveryRecipient> builder)
    {
        builder.Property(recipient => recipient.Name).HasMaxLength(200);
        builder.Property(recipient => recipient.Email).HasMaxLength(Who);
        builder.Property(recipient => recipient.AddedBy).HasMaxLength(Who);
        builder.HasIndex(recipient => new { recipient.SubscriptionId, recipient.Email }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Delivery> builder)
    {
        builder.Property(delivery => delivery.Name).HasMaxLength(200);
        builder.Property(delivery => delivery.Email).HasMaxLength(Who);
        builder.HasIndex(delivery => new { delivery.SubscriptionId, delivery.Month, delivery.Version, delivery.Email }).IsUnique();
        builder.HasIndex(delivery => delivery.NextAttemptAt);
    }

    public void Configure(EntityTypeBuilder<DeliveryAttempt> builder)
    {
        builder.Property(attempt => attempt.Email).HasMaxLength(Who);
        builder.Property(attempt => attempt.Outcome).HasMaxLength(1000);
        builder.HasIndex(attempt => new { attempt.SubscriptionId, attempt.At });
    }
}
