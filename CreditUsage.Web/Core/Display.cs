using System.Globalization;

namespace CreditUsage.Core;

/// <summary>Formats figures for page and paper: en-GB, whatever the server's locale.</summary>
public static class Display
{
    public static readonly CultureInfo British = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>"£3,207.56", or a dash where the money is withheld.</summary>
    public static string Pounds(long? pence) => pence is { } known ? string.Create(British, $"£{known / 100m:N2}").Replace("£-", "-£", StringComparison.Ordinal) : "–";

    public static string Number(long number) => number.ToString("N0", British);

    public static string Count(long number, string one, string many) => $"{Number(number)} {(number is 1 or -1 ? one : many)}";

    public static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", British);

    /// <summary>"01/11/2026 14:32 GMT", of an instant.</summary>
    public static string Moment(DateTimeOffset instant) => instant.UtcDateTime.ToString("dd/MM/yyyy HH:mm 'GMT'", British);

    public static string Size(long bytes) => bytes < 1_000_000 ? $"{Number((bytes + 1023) / 1024)} KB" : string.Create(British, $"{bytes / 1048576m:N1} MB");
}
