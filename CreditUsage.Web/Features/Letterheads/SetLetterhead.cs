using System.Security.Cryptography;
using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Letterheads;

public sealed class SetLetterhead(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>In the audit.</summary>
    public const string Subject = "Letterhead";

    public Task<Letterhead?> FindAsync(CancellationToken cancellation) => db.Letterheads.AsNoTracking().SingleOrDefaultAsync(cancellation);

    /// <param name="logo">Null to keep the stored one.</param>
    /// <param name="version">Of what the form showed.</param>
    /// <exception cref="SavedMeanwhileException">Somebody else has saved another letterhead since; nothing has changed.</exception>
    public async Task RunAsync(string address, LogoFile? logo, bool removeLogo, string? version, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var letterhead = await db.Letterheads.SingleOrDefaultAsync(cancellation);
        FormVersion.Require(version, ShownLetterhead.Of(letterhead));
        if (letterhead is null) db.Add(letterhead = new Letterhead { SubscriptionId = db.RequireSubscriptionId(), Address = "", SetBy = "", SetAt = default });
        (letterhead.Address, letterhead.SetBy, letterhead.SetAt) = (address, current.Actor, clock.GetUtcNow());
        if (logo is not null) (letterhead.Logo, letterhead.LogoType, letterhead.LogoWidth, letterhead.LogoHeight) = (logo.Bytes, logo.Type, logo.Width, logo.Height);
        else if (removeLogo) (letterhead.Logo, letterhead.LogoType, letterhead.LogoWidth, letterhead.LogoHeight) = (null, null, 0, 0);
        await db.SaveChangesAsync(cancellation);
        var shown = ShownLetterhead.Of(letterhead);
        await audit.AddAsync(AuditAction.Setting, Subject, $"Address: {(address.Length == 0 ? "none" : shown.AddressLine)}; logo: {shown.Logo}", cancellation);
        await transaction.CommitAsync(cancellation);
    }
}

/// <param name="Logo">"none", or its size and SHA-256.</param>
public sealed record ShownLetterhead(string Address, string Logo)
{
    private const int MaxLines = 6, MaxCharacters = 60;

    public string AddressLine => Address.Replace("\n", ", ", StringComparison.Ordinal);

    public static ShownLetterhead Of(Letterhead? stored) => new(
        stored?.Address ?? "", stored?.Logo is { } logo ? $"{stored.LogoWidth} x {stored.LogoHeight} pixels, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(logo))}" : "none");

    /// <summary>The lines with something in them; null where one cannot be printed.</summary>
    public static string? ReadAddress(string? typed, out string? fault)
    {
        fault = null;
        var lines = new List<string>();
        foreach (var line in (typed ?? "").Split('\n'))
        {
            if (!RecordedName.TryNormalise(line, out var text, out var wrong)) fault ??= $"The address {wrong}.";
            else if (text.Length > MaxCharacters) fault ??= $"A line of the address has {text.Length} characters; shorten it to {MaxCharacters}.";
            else if (text.Length > 0) lines.Add(text);
        }
        if (lines.Count > MaxLines) fault ??= $"The address has {lines.Count} lines; at most {MaxLines} are printed.";
        return fault is null ? string.Join('\n', lines) : null;
    }
}
