using System.Globalization;
using System.Text;
using QRCoder;

namespace CreditUsage.Platform.Security.TwoFactor;

/// <summary>A QR code as one SVG path: dark modules as runs, one unit each, quiet zone included.</summary>
/// <param name="Side">Width and height in units.</param>
public sealed record QrPicture(int Side, string Path)
{
    public static QrPicture Of(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        for (var y = 0; y < data.ModuleMatrix.Count; y++)
        {
            var row = data.ModuleMatrix[y];
            for (var x = 0; x < row.Length; x++)
            {
                var start = x;
                while (x < row.Length && row[x]) x++;
                if (x > start) path.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1h-{x - start}z");
            }
        }
        return new(data.ModuleMatrix.Count, path.ToString());
    }
}
