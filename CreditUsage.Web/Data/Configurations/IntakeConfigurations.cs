using System.Text.Json;
using CreditUsage.Domain.People;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CreditUsage.Data.Configurations;

internal sealed class IntakeConfigurations :
    IEntityTypeConfiguration<UsageIntake>, IEntityTypeConfiguration<UsageImport>, IEntityTypeConfiguration<ImportMapping>, IEntityTypeConfiguration<ImportFilePart>, IEntityTypeConfiguration<ApiKey>, IEntityTypeConfiguration<IdempotentAnswer>,
    IEntityTypeConfiguration<TopUpSchedule>
{
    private const int MaxUserCharacters = 256;

    public void Configure(EntityTypeBuilder<UsageIntake> builder)
    {
        builder.Property(intake => intake.RecordedBy).HasMaxLength(MaxUserCharacters);
        // At most one import of a subscription is hidden, and every query of events asks which.
        builder.HasIndex(intake => intake.SubscriptionId, "IX_UsageIntakes_Hidden").IsUnique().HasFilter("\"HiddenBlock\" IS NOT NULL");
        builder.HasIndex(intake => new { intake.SubscriptionId, intake.FeedPosition }).IsUnique().HasFilter("\"FeedPosition\" IS NOT NULL");
        // Every reading of the feed asks whether something waits for its place.
        builder.HasIndex(intake => new { intake.SubscriptionId, intake.Id }, "IX_UsageIntakes_Waiting").HasFilter("\"FeedPosition\" IS NULL");
    }

    public void Configure(EntityTypeBuilder<UsageImport> builder)
    {
        builder.Property(import => import.FileName).HasMaxLength(RecordedName.MaxCharacters * 2);
        builder.Property(import => import.Sha256).HasMaxLength(64);
        builder.Property(import => import.UploadedBy).HasMaxLength(MaxUserCharacters);
        builder.Property(import => import.StoredBy).HasMaxLength(MaxUserCharacters);
        builder.Property(import => import.ReversedBy).HasMaxLength(MaxUserCharacters);
        builder.Property(import => import.ReverseReason).HasMaxLength(RecordedName.MaxCharacters * 2);
        builder.Property(import => import.Mapping).HasConversion<ColumnMappingText>();
        builder.HasOne<UsageIntake>().WithMany().HasForeignKey(import => import.IntakeId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(import => new { import.SubscriptionId, import.UploadedAt });
        builder.HasIndex(import => new { import.SubscriptionId, import.Sha256 });
    }

    public void Configure(EntityTypeBuilder<ImportMapping> builder)
    {
        builder.Property(mapping => mapping.Name).HasMaxLength(ImportMapping.MaxNameCharacters * 2);
        builder.Property(mapping => mapping.Columns).HasConversion<ColumnMappingText>();
        builder.Property(mapping => mapping.SavedBy).HasMaxLength(MaxUserCharacters);
        builder.HasIndex(mapping => new { mapping.SubscriptionId, mapping.Name }).IsUnique();
    }

    // An upload is kept before its import is there, so nothing says that it belongs to one.
    public void Configure(EntityTypeBuilder<ImportFilePart> builder) => builder.HasKey(part => new { part.SubscriptionId, part.ImportId, part.Kind, part.Number });

    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.Property(key => key.Name).HasMaxLength(RecordedName.MaxCharacters * 2);
        builder.Property(key => key.Prefix).HasMaxLength(20);
        builder.Property(key => key.SecretHash).HasMaxLength(64);
        builder.Property(key => key.Scope).HasMaxLength(20);
        builder.HasIndex(key => key.Prefix).IsUnique();
        builder.HasIndex(key => key.SubscriptionId);
    }

    public void Configure(EntityTypeBuilder<IdempotentAnswer> builder)
    {
        builder.Property(answer => answer.Key).HasMaxLength(255);
        builder.Property(answer => answer.BodySha256).HasMaxLength(64);
        builder.HasOne<ApiKey>().WithMany().HasForeignKey(answer => answer.ApiKeyId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(answer => new { answer.ApiKeyId, answer.Key }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<TopUpSchedule> builder)
    {
        builder.Property(schedule => schedule.DeviceId).HasMaxLength(10);
        builder.HasIndex(schedule => new { schedule.SubscriptionId, schedule.LastDay });
        builder.HasIndex(schedule => new { schedule.SubscriptionId, schedule.DeviceId, schedule.FirstDay }).IsUnique();
    }
}

/// <summary>A mapping of columns is read and written as a whole.</summary>
internal sealed class ColumnMappingText() : ValueConverter<ColumnMapping, string>(
    mapping => JsonSerializer.Serialize(mapping, JsonSerializerOptions.Default), text => JsonSerializer.Deserialize<ColumnMapping>(text, JsonSerializerOptions.Default)!);
