using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class UsageEventConfiguration : IEntityTypeConfiguration<UsageEvent>
{
    public void Configure(EntityTypeBuilder<UsageEvent> builder)
    {
        builder.Property(usage => usage.EventId).HasMaxLength(UsageValidator.MaxIdCharacters);
        builder.HasOne<StaffMember>().WithMany().HasForeignKey(usage => usage.StaffMemberId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Client>().WithMany().HasForeignKey(usage => usage.ClientId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<TreatmentProgram>().WithMany().HasForeignKey(usage => usage.ProgramId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<TopUpDevice>().WithMany().HasForeignKey(usage => usage.TopUpDeviceId).OnDelete(DeleteBehavior.Restrict);

        // No foreign keys for IntakeId and CorrectsId: they came later, and SQLite would copy the whole table to add them. Neither an
        // intake nor an event is ever deleted.

        builder.HasIndex(usage => new { usage.SubscriptionId, usage.EventId }).IsUnique();
        // A correction of a top-up has no device number, since the day is taken by what it corrects, until that is reversed and another takes its turn.
        builder.HasIndex(usage => new { usage.SubscriptionId, usage.DeviceNumber, usage.ServiceDate, usage.DayTurn }).IsUnique()
            .HasFilter("\"DeviceNumber\" IS NOT NULL");
        builder.HasIndex(usage => new { usage.SubscriptionId, usage.CorrectsId }).HasFilter("\"CorrectsId\" IS NOT NULL");

        // The feed of changes reads the events of an intake.
        builder.HasIndex(usage => new { usage.SubscriptionId, usage.IntakeId });

        // Every page asks which months wait for a price; without this it would read the whole table.
        builder.HasIndex(usage => new { usage.SubscriptionId, usage.ReportMonth }, "IX_UsageEvents_Unpriced").HasFilter("\"CostPence\" IS NULL");

        // Covers the month's query: the report is read from this index alone, in its own order.
        builder.HasIndex(
            usage => new
            {
                usage.SubscriptionId,
                usage.ReportMonth,
                usage.ServiceDate,
                usage.OccurredAt,
                usage.EventId,
                usage.Kind,
                usage.StaffMemberId,
                usage.ClientId,
                usage.ProgramId,
                usage.TopUpDeviceId,
                usage.DurationMinutes,
                usage.Credits,
                usage.UnitPriceMicros,
                usage.CostPence,
                usage.Correction,
                usage.PostedAt,
            },
            "IX_UsageEvents_Month");
    }
}
