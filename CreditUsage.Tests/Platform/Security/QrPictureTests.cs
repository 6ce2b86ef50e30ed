using System.Globalization;
using System.Text.RegularExpressions;
using CreditUsage.Platform.Security;
using QRCoder;

namespace CreditUsage.Tests.Platform.Security;

public sealed partial class QrPictureTests
{
    [Fact]
    public void The_path_paints_every_dark_module_and_no_other()
    {
        const string Text = "otpauth://totp/CreditUsage:somebody@clinic.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=CreditUsage";
        using var code = QRCodeGenerator.GenerateQrCode(Text, QRCodeGenerator.ECCLevel.M);
        var dark = from y in Enumerable.Range(0, code.ModuleMatrix.Count) from x in Enumerable.Range(0, code.ModuleMatrix[y].Length) where code.ModuleMatrix[y][x] select (x, y);

        var picture = QrPicture.Of(Text);

        Assert.Equal(code.ModuleMatrix.Count, picture.Side);
        Assert.Equal(dark, Runs().Matches(picture.Path).SelectMany(run => Enumerable.Range(Number(run, 1), Number(run, 3)).Select(x => (x, Number(run, 2)))));
        Assert.Equal("", Runs().Replace(picture.Path, ""));
    }

    private static int Number(Match run, int group) => int.Parse(run.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"M(\d+) (\d+)h(\d+)v1h-\3z", RegexOptions.None, 1000)]
    private static partial Regex Runs();
}
