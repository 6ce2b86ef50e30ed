using System.Text.Json;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security;

/// <summary>Refuses common passwords, with or without digits and signs around them. The list comes with a package at build time, the most common first.</summary>
public sealed class NotCommon : IPasswordValidator<AppUser>
{
    public const string Refusal = "This password is too common. Choose another, such as four unrelated words.";

    /// <summary>Read each time: passwords are set seldom, and 49,000 of them take four megabytes.</summary>
    public async Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password)
    {
        var core = CoreOf(password ?? "");
        await using var list = typeof(NotCommon).Assembly.GetManifestResourceStream("common-passwords.json")!;
        await foreach (var common in JsonSerializer.DeserializeAsyncEnumerable<string>(list))
            if (string.Equals(common, password, StringComparison.OrdinalIgnoreCase) || string.Equals(common, core, StringComparison.OrdinalIgnoreCase))
                return IdentityResult.Failed(new IdentityError { Code = nameof(NotCommon), Description = Refusal });
        return IdentityResult.Success;
    }

    /// <summary>What stands between the digits and signs, where it is half of the password or more.</summary>
    private static string? CoreOf(string password)
    {
        var core = password.Trim([.. password.Where(c => !char.IsLetter(c))]);
        return core.Length * 2 >= password.Length ? core : null;
    }
}

/// <summary>Refuses what can be guessed from where it is typed: the address, the names of site and clinic, and little beside them.</summary>
public sealed class NotOwnWords(CreditUsageDb db) : IPasswordValidator<AppUser>
{
    public const string Refusal = "This password is too close to your address, this site's name or your clinic's. Choose another.";

    private const string Site = "creditusage";

    /// <summary>Shorter words are in other words.</summary>
    private const int MinWord = 4;

    /// <summary>Letters and digits that must be left.</summary>
    private const int MinRest = 8;

    public async Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password)
    {
        ArgumentNullException.ThrowIfNull(user);
        var clinics = await db.Subscriptions.Where(subscription => subscription.Id == user.SubscriptionId || subscription.Id == db.SubscriptionId).Select(subscription => subscription.Name).ToListAsync();
        var typed = Bare(password);
        var rest = new[] { user.Email, user.Email?.Split('@')[0], Site }.Concat(clinics).Select(Bare).Where(word => word.Length >= MinWord).OrderByDescending(word => word.Length)
            .Aggregate(typed, (left, word) => left.Replace(word, "", StringComparison.Ordinal));
        return rest.Length < typed.Length && rest.Length < MinRest ? IdentityResult.Failed(new IdentityError { Code = nameof(NotOwnWords), Description = Refusal }) : IdentityResult.Success;
    }

    private static string Bare(string? text) => new([.. (text ?? "").Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}
