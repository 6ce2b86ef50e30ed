using System.Globalization;
using System.Text.RegularExpressions;
using CreditUsage.Domain.Credits;

namespace CreditUsage.Features.Credits;

/// <summary>What people type, read exactly or not at all.</summary>
internal static partial class Typed
{
    private static readonly string[] Days = ["yyyy-MM-dd", "dd/MM/yyyy", "d/M/yyyy"];

    /// <summary>"2026-10-01", as a browser's field for dates sends it, or "01/10/2026".</summary>
    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text?.Trim(), Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 9000 ? day : null;

    /// <summary>"09:30".</summary>
    public static TimeOnly? Time(string? text) => TimeOnly.TryParseExact(text?.Trim(), ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <summary>"1250" or "1,250", with a sign before it where the least is negative.</summary>
    public static long? Whole(string? text, long least, long most)
    {
        var plain = (text ?? "").Trim().Replace('\u2212', '-');
        var negative = plain.StartsWith('-') && least < 0;
        if (negative || (plain.StartsWith('+') && least < 0)) plain = plain[1..];
        return Scaled(plain, 1) is { } whole && (negative ? -whole : whole) is var number && number >= least && number <= most ? number : null;
    }

    /// <summary>"£1,234.5", to pence.</summary>
    public static long? Pence(string? text, long most) => Scaled(Pounds(text), 100) is { } pence && pence <= most ? pence : null;

    /// <summary>"0.525", to millionths of a pound.</summary>
    public static long? Micros(string? text, long most) => Scaled(Pounds(text), CreditPrice.MicrosPerPound) is { } micros && micros <= most ? micros : null;

    private static string Pounds(string? text) => (text ?? "").Trim().TrimStart('£').TrimStart();

    /// <summary>A number without sign times a scale, where that is whole. Commas stand before groups of three digits or nowhere.</summary>
    private static long? Scaled(string text, long scale)
    {
        if (!Number().IsMatch(text)) return null;
        var number = decimal.Parse(text, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * scale;
        return decimal.IsInteger(number) ? (long)number : null;
    }

    [GeneratedRegex(@"^([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})(\.[0-9]{1,9})?\z", RegexOptions.None, 1000)]
    private static partial Regex Number();
}
