using System.Text.RegularExpressions;

namespace CreditUsage.Domain.Usage;

/// <summary>Reads the numbers of a clinic's own file and writes them as domain.md wants them.</summary>
public sealed partial class FileNumbers(bool decimalComma)
{
    /// <summary>Without the pound sign, spaces and separators of thousands, with a point for the decimals and no zeros behind the pence.</summary>
    /// <param name="faults">Receives what is wrong; then the text is returned as it was.</param>
    public string Read(string field, string raw, ICollection<UsageFault> faults)
    {
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentNullException.ThrowIfNull(faults);
        if (!raw.AsSpan().ContainsAnyExceptInRange('0', '9')) return raw;
        var text = raw.Any(IsDecoration) ? string.Concat(raw.Where(character => !IsDecoration(character))) : raw;
        if (Plain(text, decimalComma ? ',' : '.')) return text.Replace(',', '.');
        if (decimalComma)
        {
            if (text.Contains('.', StringComparison.Ordinal) && !PointThousands().IsMatch(text))
            {
                faults.Add(new UsageFault(field, $"\"{text}\" has a point, and the decimal sign of this file is a comma; write 9,45."));
                return raw;
            }
            text = text.Replace(".", "", StringComparison.Ordinal).Replace(',', '.');
        }
        else if (CommaThousands().IsMatch(text))
        {
            text = text.Replace(",", "", StringComparison.Ordinal);
        }
        return ZerosBehindPence().Replace(text, "$1");
    }

    private static bool IsDecoration(char character) => character == '£' || char.IsWhiteSpace(character);

    /// <summary>Whether there is nothing to do but to write a point for the decimal sign.</summary>
    private static bool Plain(string text, char decimalSign) => text.Length > 3 && text[^3] == decimalSign && !text.AsSpan(0, text.Length - 3).ContainsAnyExceptInRange('0', '9')
        && char.IsAsciiDigit(text[^2]) && char.IsAsciiDigit(text[^1]);

    [GeneratedRegex(@"^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CommaThousands();

    [GeneratedRegex(@"^[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PointThousands();

    [GeneratedRegex(@"^([0-9]+\.[0-9]{2})0+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ZerosBehindPence();
}
