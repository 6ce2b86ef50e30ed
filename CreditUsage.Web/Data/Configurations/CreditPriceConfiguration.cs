using CreditUsage.Domain.Credits;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class CreditPriceConfiguration : IEntityTypeConfiguration<CreditPrice>
{
    public void Configure(EntityTypeBuilder<CreditPrice> builder) =>
        builder.HasIndex(price => new { price.SubscriptionId, price.ValidFrom }).IsUnique();
}
