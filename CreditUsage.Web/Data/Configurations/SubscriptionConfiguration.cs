using CreditUsage.Domain;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class SubscriptionConfiguration : IEntityTypeConfiguration<Subscription>
{
    public void Configure(EntityTypeBuilder<Subscription> builder)
    {
        builder.Property(subscription => subscription.Name).HasMaxLength(RecordedName.MaxCharacters * 2);
        builder.Property(subscription => subscription.Currency).HasMaxLength(3);
    }
}
