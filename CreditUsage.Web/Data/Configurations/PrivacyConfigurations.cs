using CreditUsage.Domain.Privacy;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class PrivacyConfigurations : IEntityTypeConfiguration<Anonymisation>, IEntityTypeConfiguration<ReplacedFile>
{
    private const int Sha256Characters = 64;

    public void Configure(EntityTypeBuilder<Anonymisation> builder)
    {
        builder.Property(one => one.ClientId).HasMaxLength(FieldRules.MaxIdCharacters);
        builder.Property(one => one.Code).HasMaxLength(FieldRules.MaxIdCharacters);
        builder.Property(one => one.Reference).HasMaxLength(RecordedName.MaxCharacters * 2);
        builder.Property(one => one.RequestedBy).HasMaxLength(256);
        builder.HasIndex(one => new { one.SubscriptionId, one.RequestedAt });
    }

    public void Configure(EntityTypeBuilder<ReplacedFile> builder)
    {
        builder.Property(file => file.Sha256).HasMaxLength(Sha256Characters);
        builder.Property(file => file.Extension).HasMaxLength(8);
        builder.Property(file => file.ReplacedBySha256).HasMaxLength(Sha256Characters);
        builder.HasOne<Anonymisation>().WithMany().HasForeignKey(file => file.AnonymisationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(file => file.Sha256);
    }
}
