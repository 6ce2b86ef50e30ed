using System.Text.Encodings.Web;

namespace CreditUsage.Tests.Support;

/// <summary>An HTML encoder that encodes nothing: the site as it would be if one value had been forgotten.</summary>
public sealed class LetThrough : HtmlEncoder
{
    public override int MaxOutputCharactersPerInputCharacter => 2;

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength) => -1;

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        numberOfCharactersWritten = 0;
        return false;
    }

    public override bool WillEncode(int unicodeScalar) => false;
}
