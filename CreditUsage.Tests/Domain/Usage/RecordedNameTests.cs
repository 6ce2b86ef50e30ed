using System.Xml;
using CreditUsage.Domain.Usage;
using CsCheck;

namespace CreditUsage.Tests.Domain.Usage;

public sealed class RecordedNameTests
{
    [Theory]
    [InlineData("Ann Client", "Ann Client")]
    [InlineData("", "")]
    [InlineData(" \t\u00A0 ", "")]
    [InlineData("  Ann \t Client\u00A0", "Ann Client")]
    [InlineData("Ann\r\n\u2028Client", "Ann Client")]
    [InlineData("Ann\u2029\u3000\u0085Client", "Ann Client")]
    [InlineData("Zoe\u0308", "Zo\u00eb")]
    [InlineData("\u212B", "\u00c5")]
    [InlineData("ﬁne", "ﬁne")]
    [InlineData("👩‍⚕️ 李小龙 محمد علي", "👩‍⚕️ 李小龙 محمد علي")]
    [InlineData("a\u200Bb", "a\u200Bb")]
    public void A_name_is_composed_and_its_white_space_single_spaces(string raw, string expected)
    {
        Assert.True(RecordedName.TryNormalise(raw, out var name, out var fault), fault);
        Assert.Equal(expected, name);
    }

    public static TheoryData<string, int, bool> Lengths => new()
    {
        { "W", 200, true },
        { "W", 201, false },
        { "李", 200, true },
        { "李", 201, false },
        { "🙂", 200, true },
        { "🙂", 201, false },
        { "e\u0308", 200, true }, // composed, one character each
        { "e\u0308", 201, false },
        { "W", 10_000, false },
    };

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Two_hundred_characters_are_a_name_and_one_more_is_not(string character, int times, bool expected)
    {
        Assert.Equal(expected, RecordedName.TryNormalise(string.Concat(Enumerable.Repeat(character, times)), out _, out var fault));
        if (!expected) Assert.Contains($"{times} characters", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Spaces_that_go_do_not_count() => Assert.True(RecordedName.TryNormalise(new string(' ', 300) + new string('W', 200) + "\t\t", out _, out _));

    [Fact]
    public void Every_control_and_direction_control_is_refused_by_its_number()
    {
        int[] direction = [0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069];
        var controls = Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Where(value => !char.IsWhiteSpace((char)value));
        Assert.All(controls.Concat(direction), value =>
        {
            Assert.False(RecordedName.TryNormalise($"Ann{(char)value}Client", out _, out var fault));
            Assert.Contains($"U+{value:X4}", fault, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(0xD800, -1)]
    [InlineData(0xDC00, -1)]
    [InlineData(0xDC00, 0xD800)]
    [InlineData(0xD800, 0xD800)]
    [InlineData(0xFFFD, -1)]
    public void Half_a_character_and_the_replacement_character_are_refused(int first, int second)
    {
        var bad = second < 0 ? $"{(char)first}" : $"{(char)first}{(char)second}";
        Assert.All(new[] { bad, "Ann" + bad, bad + "Client" }, raw =>
        {
            Assert.False(RecordedName.TryNormalise(raw, out _, out var fault));
            Assert.Contains("UTF-8", fault, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData('\uFFFE', "U+FFFE")]
    [InlineData('\uFFFF', "U+FFFF")]
    public void What_is_no_character_and_XML_cannot_hold_is_refused_by_its_number(char bad, string number)
    {
        Assert.False(RecordedName.TryNormalise($"Ann{bad}Client", out _, out var fault));
        Assert.Contains(number, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_accepted_can_be_held_by_XML() => Gen.String.Sample(raw => !RecordedName.TryNormalise(raw, out var name, out _) || XmlConvert.VerifyXmlChars(name) == name);

    [Fact]
    public void No_text_whatever_throws_and_what_is_accepted_stays_as_it_is() => Gen.String.Sample(raw =>
    {
        if (!RecordedName.TryNormalise(raw, out var name, out var fault)) return !string.IsNullOrEmpty(fault);
        return name.IsNormalized() && name == name.Trim() && !name.Contains("  ", StringComparison.Ordinal) && name.EnumerateRunes().Count() <= 200
            && RecordedName.TryNormalise(name, out var again, out _) && again == name;
    });
}
