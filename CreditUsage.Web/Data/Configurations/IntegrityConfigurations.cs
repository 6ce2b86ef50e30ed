using CreditUsage.Domain.Integrity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class DataCheckConfiguration : IEntityTypeConfiguration<DataCheck>
{
    public void Configure(EntityTypeBuilder<DataCheck> builder) => builder.HasKey(check => new { check.Kind, check.Of });
}
