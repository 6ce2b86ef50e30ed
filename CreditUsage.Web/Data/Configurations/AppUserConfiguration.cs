using CreditUsage.Domain;
using CreditUsage.Domain.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class AppUserConfiguration : IEntityTypeConfiguration<AppUser>
{
    public void Configure(EntityTypeBuilder<AppUser> builder) =>
        builder.HasOne<Subscription>().WithMany().HasForeignKey(user => user.SubscriptionId).OnDelete(DeleteBehavior.Restrict);
}
