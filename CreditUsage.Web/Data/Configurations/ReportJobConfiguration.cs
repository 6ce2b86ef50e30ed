using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class ReportJobConfiguration : IEntityTypeConfiguration<ReportJob>
{
    public void Configure(EntityTypeBuilder<ReportJob> builder)
    {
        builder.Property(job => job.Request).HasMaxLength(2000);
        builder.Property(job => job.Note).HasMaxLength(RecordedName.MaxCharacters * 2);
        builder.Property(job => job.RequestedBy).HasMaxLength(256);
        builder.HasIndex(job => new { job.SubscriptionId, job.RequestedAt });
        builder.HasIndex(job => job.State);
    }
}
