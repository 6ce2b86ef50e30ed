using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class LedgerConfigurations : IEntityTypeConfiguration<LedgerEntry>, IEntityTypeConfiguration<BalanceProof>, IEntityTypeConfiguration<MonthClosing>
{
    public void Configure(EntityTypeBuilder<LedgerEntry> builder)
    {
        builder.HasOne<LedgerEntry>().WithMany().HasForeignKey(entry => entry.CorrectsId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(entry => new { entry.SubscriptionId, entry.ReportMonth, entry.ServiceDate });
        builder.HasIndex(entry => new { entry.SubscriptionId, entry.CorrectsId }).IsUnique().HasFilter("\"CorrectsId\" IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<BalanceProof> builder) => builder.HasIndex(proof => new { proof.SubscriptionId, proof.ShownAt });

    public void Configure(EntityTypeBuilder<MonthClosing> builder)
    {
        builder.Property(closing => closing.RowsSha256).HasMaxLength(64);
        builder.Property(closing => closing.PdfSha256).HasMaxLength(64);
        builder.Property(closing => closing.ReplacesSha256).HasMaxLength(64);
        builder.HasOne<SavedReport>().WithMany().HasForeignKey(closing => closing.SavedReportId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(closing => new { closing.SubscriptionId, closing.Month, closing.Version }).IsUnique();
    }
}

internal sealed class CreditPriceConfigurations : IEntityTypeConfiguration<CreditPrice>, IEntityTypeConfiguration<Repricing>
{
    public void Configure(EntityTypeBuilder<CreditPrice> builder) =>
        builder.HasIndex(price => new { price.SubscriptionId, price.ValidFrom }).IsUnique();

    public void Configure(EntityTypeBuilder<Repricing> builder)
    {
        builder.Property(repricing => repricing.Reason).HasMaxLength(RecordedName.MaxCharacters * 2);
        builder.HasIndex(repricing => new { repricing.SubscriptionId, repricing.RequestedAt });
    }
}
