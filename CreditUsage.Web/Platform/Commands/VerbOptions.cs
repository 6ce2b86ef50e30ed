using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CreditUsage.Domain.Months;

namespace CreditUsage.Platform.Commands;

public static class VerbOptions
{
    public static Option<int> Subscription() => new("--subscription") { Description = "The subscription's id, as create-subscription printed it", HelpName = "ID", Required = true };

    public static Option<DateOnly> Day(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "YYYY-MM-DD",
        Required = true,
        CustomParser = result => Parsed(result, "a day, such as 2026-10-01", text =>
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null),
    };

    public static Option<UsageMonth> Month(string name = "--month", string description = "The month", bool required = true) => new(name)
    {
        Description = description,
        HelpName = "YYYY-MM",
        Required = required,
        CustomParser = result => Parsed(result, "a month, such as 2026-10", text => UsageMonth.TryParse(text, out var month) ? month : (UsageMonth?)null),
    };

    public static T Parsed<T>(ArgumentResult result, string wanted, Func<string, T?> read)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(read);
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (read(text) is { } value) return value;
        result.AddError($"'{text}' is not {wanted}.");
        return default;
    }
}
