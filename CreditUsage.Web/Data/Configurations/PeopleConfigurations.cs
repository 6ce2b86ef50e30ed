using CreditUsage.Domain.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class SignInSessionConfiguration : IEntityTypeConfiguration<SignInSession>
{
    public void Configure(EntityTypeBuilder<SignInSession> builder)
    {
        builder.HasKey(session => session.KeyHash);
        builder.Property(session => session.KeyHash).HasMaxLength(64);
        builder.Property(session => session.UserId).HasMaxLength(64);
        builder.HasIndex(session => session.ExpiresAt);
        builder.HasIndex(session => session.UserId);
    }
}
