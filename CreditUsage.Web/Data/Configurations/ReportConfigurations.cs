using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class SavedReportConfiguration : IEntityTypeConfiguration<SavedReport>
{
    public void Configure(EntityTypeBuilder<SavedReport> builder)
    {
        builder.Property(report => report.ContentSha256).HasMaxLength(64);
        builder.Property(report => report.MadeWith).HasMaxLength(100);
        builder.Property(report => report.Sha256).HasMaxLength(64);
        builder.Property(report => report.ReplacesSha256).HasMaxLength(64);
        builder.Property(report => report.SavedBy).HasMaxLength(256);
        builder.HasIndex(report => new { report.SubscriptionId, report.SavedAt });
        builder.HasIndex(report => new { report.SubscriptionId, report.Number }).IsUnique();
        builder.HasIndex(report => report.Sha256);
    }
}

internal sealed class LetterheadConfiguration : IEntityTypeConfiguration<Letterhead>
{
    public void Configure(EntityTypeBuilder<Letterhead> builder)
    {
        builder.Property(letterhead => letterhead.Address).HasMaxLength(500);
        builder.Property(letterhead => letterhead.LogoType).HasMaxLength(20);
        builder.Property(letterhead => letterhead.SetBy).HasMaxLength(256);
        builder.Ignore(letterhead => letterhead.PrintedSize).Ignore(letterhead => letterhead.AddressLines);
        builder.HasIndex(letterhead => letterhead.SubscriptionId).IsUnique();
    }
}

internal sealed class ReportJobConfiguration : IEntityTypeConfiguration<ReportJob>
{
    public void Configure(EntityTypeBuilder<ReportJob> builder)
    {
        builder.Property(job => job.Note).HasMaxLength(RecordedName.MaxCharacters * 2);
        builder.Property(job => job.RequestedBy).HasMaxLength(256);
        builder.HasIndex(job => new { job.SubscriptionId, job.RequestedAt });
        builder.HasIndex(job => job.State);
    }
}
