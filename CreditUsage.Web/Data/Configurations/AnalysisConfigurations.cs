using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class AnalysisConfigurations :
    IEntityTypeConfiguration<SavedView>, IEntityTypeConfiguration<DismissedFinding>, IEntityTypeConfiguration<AlertRule>, IEntityTypeConfiguration<AlertFiring>, IEntityTypeConfiguration<AlertNotice>,
    IEntityTypeConfiguration<AccountMapping>
{
    private const int MaxUserCharacters = 256;
    private const int MaxSentenceCharacters = 1000;

    public void Configure(EntityTypeBuilder<SavedView> builder)
    {
        builder.Property(view => view.Name).HasMaxLength(100);
        builder.Property(view => view.Owner).HasMaxLength(MaxUserCharacters);
        builder.HasIndex(view => new { view.SubscriptionId, view.Owner, view.Name }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<DismissedFinding> builder)
    {
        builder.Property(finding => finding.Finding).HasMaxLength(300);
        builder.Property(finding => finding.Message).HasColumnName("Said").HasMaxLength(MaxSentenceCharacters);
        builder.Property(finding => finding.Reason).HasMaxLength(MaxSentenceCharacters);
        builder.Property(finding => finding.DismissedBy).HasMaxLength(MaxUserCharacters);
        builder.Property(finding => finding.RestoredBy).HasMaxLength(MaxUserCharacters);
        builder.HasIndex(finding => new { finding.SubscriptionId, finding.Finding }).IsUnique().HasFilter("\"RestoredAt\" IS NULL");
    }

    public void Configure(EntityTypeBuilder<AlertRule> builder)
    {
        builder.Property(rule => rule.Of).HasMaxLength(200);
        builder.Property(rule => rule.SetBy).HasMaxLength(MaxUserCharacters);
        builder.Property(rule => rule.RemovedBy).HasMaxLength(MaxUserCharacters);
        builder.HasIndex(rule => rule.SubscriptionId);
    }

    public void Configure(EntityTypeBuilder<AlertFiring> builder)
    {
        builder.HasOne<AlertRule>().WithMany().HasForeignKey(firing => firing.AlertRuleId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(firing => firing.Message).HasColumnName("Said").HasMaxLength(MaxSentenceCharacters);
        builder.Property(firing => firing.SeenBy).HasMaxLength(MaxUserCharacters);
        builder.HasIndex(firing => new { firing.SubscriptionId, firing.FiredAt });
        builder.HasMany(firing => firing.Notices).WithOne().HasForeignKey(notice => notice.AlertFiringId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<AlertNotice> builder)
    {
        builder.Property(notice => notice.Email).HasMaxLength(MaxUserCharacters);
        builder.HasIndex(notice => new { notice.AlertFiringId, notice.Email }).IsUnique();
        builder.HasIndex(notice => new { notice.SubscriptionId, notice.State });
    }

    public void Configure(EntityTypeBuilder<AccountMapping> builder)
    {
        builder.Property(mapping => mapping.SessionsAccount).HasMaxLength(100);
        builder.Property(mapping => mapping.TopUpsAccount).HasMaxLength(100);
        builder.Property(mapping => mapping.PrepaidAccount).HasMaxLength(100);
        builder.Property(mapping => mapping.DifferencesAccount).HasMaxLength(100);
        builder.Property(mapping => mapping.TaxCode).HasMaxLength(100);
        builder.Property(mapping => mapping.SetBy).HasMaxLength(MaxUserCharacters);
        builder.HasIndex(mapping => mapping.SubscriptionId).IsUnique();
    }
}
