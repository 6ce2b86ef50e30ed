using CreditUsage.Domain.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CreditUsage.Data.Configurations;

internal sealed class WebhookConfigurations : IEntityTypeConfiguration<WebhookEndpoint>, IEntityTypeConfiguration<WebhookMessage>, IEntityTypeConfiguration<WebhookAttempt>
{
    public void Configure(EntityTypeBuilder<WebhookEndpoint> builder)
    {
        builder.Property(endpoint => endpoint.Url).HasMaxLength(500);
        builder.HasIndex(endpoint => endpoint.SubscriptionId);
    }

    public void Configure(EntityTypeBuilder<WebhookMessage> builder)
    {
        builder.HasOne<WebhookEndpoint>().WithMany().HasForeignKey(message => message.EndpointId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(message => message.NextAttemptAt);
        builder.HasIndex(message => new { message.SubscriptionId, message.At });
    }

    public void Configure(EntityTypeBuilder<WebhookAttempt> builder)
    {
        builder.HasOne<WebhookMessage>().WithMany().HasForeignKey(attempt => attempt.MessageId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(attempt => new { attempt.SubscriptionId, attempt.MessageId });
    }
}
