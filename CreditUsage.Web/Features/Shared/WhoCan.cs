using CreditUsage.Platform.Security;

namespace CreditUsage.Features.Shared;

/// <summary>Tells a user whose role does not allow a thing who can do it.</summary>
public static class WhoCan
{
    /// <param name="what">As in "close months".</param>
    /// <param name="policy"><see cref="Roles.MayChange"/> or <see cref="Roles.MayAdminister"/>.</param>
    public static string Sentence(string what, string policy = Roles.MayChange) =>
        $"{(policy == Roles.MayAdminister ? "An Administrator" : "A Finance Administrator or an Administrator")} of your clinic can {what}.";
}
