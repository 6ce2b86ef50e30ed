using System.Reflection;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Rules;

/// <summary>The attacker's list is whole: script/test attacks tries everything that stands in it.</summary>
public sealed class AttacksTests
{
    [Fact]
    public void Every_attack_of_the_list_is_tried_and_none_that_is_tried_stands_outside_the_group()
    {
        var tried = Tests().Select(test => (Name: $"{test.DeclaringType!.Name}.{test.Name}", Traits: TraitsOf(test).Concat(TraitsOf(test.DeclaringType!)).ToHashSet())).ToList();

        Assert.All(Attacks.All, attack => Assert.Contains(tried, test => test.Traits.Contains((Attacks.Kind, attack))));
        Assert.Empty(tried.Where(test => test.Traits.Any(trait => trait.Name == Attacks.Kind) != test.Traits.Contains((Attacks.Trait, Attacks.Group))).Select(test => test.Name));
        Assert.Empty(tried.SelectMany(test => test.Traits).Where(trait => trait.Name == Attacks.Kind).Select(trait => trait.Value).Except(Attacks.All));
    }

    private static IEnumerable<MethodInfo> Tests() => typeof(AttacksTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)).Where(method => method.IsDefined(typeof(FactAttribute)));

    private static IEnumerable<(string Name, string Value)> TraitsOf(MemberInfo member) => member.GetCustomAttributesData()
        .Where(attribute => attribute.AttributeType == typeof(TraitAttribute)).Select(attribute => ((string)attribute.ConstructorArguments[0].Value!, (string)attribute.ConstructorArguments[1].Value!));
}
