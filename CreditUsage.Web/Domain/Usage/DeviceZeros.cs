namespace CreditUsage.Domain.Usage;

/// <summary>Spreadsheets drop the zeros that a number begins with.</summary>
public static class DeviceZeros
{
    private const int Digits = 10;

    /// <returns>Whether the id had lost some, which <paramref name="whole"/> has again.</returns>
    public static bool TryRestore(string raw, out string whole)
    {
        ArgumentNullException.ThrowIfNull(raw);
        var device = raw.Trim();
        var lost = device.Length is > 0 and < Digits && device.All(char.IsAsciiDigit);
        whole = lost ? device.PadLeft(Digits, '0') : raw;
        return lost;
    }
}
