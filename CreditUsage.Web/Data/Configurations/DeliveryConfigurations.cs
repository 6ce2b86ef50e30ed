using CreditUsage.Domain.Deliveries;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class DeliveryConfigurations :
    IEntityTypeConfiguration<DeliverySchedule>, IEntityTypeConfiguration<DeliveryRecipient>, IEntityTypeConfiguration<Delivery>, IEntityTypeConfiguration<DeliveryAttempt>
{
    private const int MaxUserCharacters = 256;

    public void Configure(EntityTypeBuilder<DeliverySchedule> builder)
    {
        builder.Property(schedule => schedule.SetBy).HasMaxLength(MaxUserCharacters);
        builder.HasIndex(schedule => schedule.SubscriptionId).IsUnique();
    }

    public void Configure(EntityTypeBuilder<DeliveryRecipient> builder)
    {
        builder.Property(recipient => recipient.Name).HasMaxLength(200);
        builder.Property(recipient => recipient.Email).HasMaxLength(MaxUserCharacters);
        builder.Property(recipient => recipient.AddedBy).HasMaxLength(MaxUserCharacters);
        builder.HasIndex(recipient => new { recipient.SubscriptionId, recipient.Email }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Delivery> builder)
    {
        builder.Property(delivery => delivery.Name).HasMaxLength(200);
        builder.Property(delivery => delivery.Email).HasMaxLength(MaxUserCharacters);
        builder.HasIndex(delivery => new { delivery.SubscriptionId, delivery.Month, delivery.Version, delivery.Email }).IsUnique().HasFilter("\"SavedReportId\" IS NULL");
        builder.HasIndex(delivery => new { delivery.SubscriptionId, delivery.SavedReportId, delivery.Email }).IsUnique().HasFilter("\"SavedReportId\" IS NOT NULL");
        builder.HasOne<SavedReport>().WithMany().HasForeignKey(delivery => delivery.SavedReportId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(delivery => delivery.NextAttemptAt);
    }

    public void Configure(EntityTypeBuilder<DeliveryAttempt> builder)
    {
        builder.Property(attempt => attempt.Email).HasMaxLength(MaxUserCharacters);
        builder.HasIndex(attempt => new { attempt.SubscriptionId, attempt.At });
    }
}
