using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

/// <summary>One row for each name that an id has ever had.</summary>
internal sealed class NameConfigurations :
    IEntityTypeConfiguration<StaffMember>, IEntityTypeConfiguration<Client>, IEntityTypeConfiguration<TreatmentProgram>, IEntityTypeConfiguration<TopUpDevice>
{
    public void Configure(EntityTypeBuilder<StaffMember> builder)
    {
        Text(builder.Property(staff => staff.StaffId), UsageValidator.MaxIdCharacters);
        Text(builder.Property(staff => staff.Name), RecordedName.MaxCharacters);
        builder.HasIndex(staff => new { staff.SubscriptionId, staff.StaffId, staff.Name }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Client> builder)
    {
        Text(builder.Property(client => client.ClientId), UsageValidator.MaxIdCharacters);
        Text(builder.Property(client => client.Name), RecordedName.MaxCharacters);
        builder.HasIndex(client => new { client.SubscriptionId, client.ClientId, client.Name }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<TreatmentProgram> builder)
    {
        builder.ToTable("Programs");
        Text(builder.Property(program => program.Name), RecordedName.MaxCharacters);
        builder.HasIndex(program => new { program.SubscriptionId, program.Name }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<TopUpDevice> builder)
    {
        Text(builder.Property(device => device.DeviceId), 10);
        Text(builder.Property(device => device.IdentityNote), RecordedName.MaxCharacters);
        builder.HasIndex(device => new { device.SubscriptionId, device.DeviceId, device.IdentityNote }).IsUnique();
    }

    /// <summary>Twice the characters: a character outside the basic plane is two UTF-16 units.</summary>
    private static void Text(PropertyBuilder<string> property, int characters) => property.HasMaxLength(characters * 2);
}
