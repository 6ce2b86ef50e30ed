using System.Globalization;
using System.Text;
using CreditUsage.Domain.Months;
using Microsoft.AspNetCore.WebUtilities;

namespace CreditUsage.Features.UsageEvents;

/// <summary>Where a reader of a month stands: after the event that was recorded under an id. Opaque to callers.</summary>
internal static class UsageCursor
{
    public static string Of(UsageMonth month, long id) => WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{month.Number}.{id}")));

    /// <summary>The id; null when this is no cursor of that month.</summary>
    public static long? Read(string text, UsageMonth month)
    {
        try
        {
            var parts = Encoding.ASCII.GetString(WebEncoders.Base64UrlDecode(text)).Split('.');
            return parts is [var number, var id] && number == month.Number.ToString(CultureInfo.InvariantCulture)
                && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
