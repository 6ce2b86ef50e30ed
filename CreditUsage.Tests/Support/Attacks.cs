namespace CreditUsage.Tests.Support;

/// <summary>
/// The attacker's list. What tries one of these carries two traits, the group and which: <c>[Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.StolenCookie)]</c>.
/// script/test attacks runs the group alone; <see cref="Rules.AttacksTests"/> holds that none is missing.
/// </summary>
public static class Attacks
{
    public const string Trait = "Group";
    public const string Group = "Attacks";
    public const string Kind = "Attack";

    public const string ForgedFromBackup = "Forged from a backup";
    public const string Flood = "Flood of sign-ins";
    public const string StolenCookie = "Stolen cookie";
    public const string HostHeader = "Host header";
    public const string ForeignIds = "Foreign ids";
    public const string TamperedMonth = "Tampered month";
    public const string HostileHtml = "Hostile HTML in each sandbox";

    public static IReadOnlyList<string> All { get; } = [ForgedFromBackup, Flood, StolenCookie, HostHeader, ForeignIds, TamperedMonth, HostileHtml];
}
