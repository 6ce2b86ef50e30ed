using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class StoredFileConfigurations : IEntityTypeConfiguration<StoredFile>, IEntityTypeConfiguration<StoredFilePart>
{
    private const int Sha256Characters = 64;
    private const int ExtensionCharacters = 8;

    public void Configure(EntityTypeBuilder<StoredFile> builder)
    {
        builder.HasKey(file => new { file.Sha256, file.Extension });
        builder.Property(file => file.Sha256).HasMaxLength(Sha256Characters);
        builder.Property(file => file.Extension).HasMaxLength(ExtensionCharacters);
    }

    public void Configure(EntityTypeBuilder<StoredFilePart> builder)
    {
        builder.HasKey(part => new { part.Sha256, part.Extension, part.Number });
        builder.Property(part => part.Sha256).HasMaxLength(Sha256Characters);
        builder.Property(part => part.Extension).HasMaxLength(ExtensionCharacters);
        builder.HasOne<StoredFile>().WithMany().HasForeignKey(part => new { part.Sha256, part.Extension }).OnDelete(DeleteBehavior.Cascade);
    }
}
