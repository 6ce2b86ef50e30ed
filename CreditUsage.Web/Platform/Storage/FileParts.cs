using System.Runtime.CompilerServices;

namespace CreditUsage.Platform.Storage;

/// <summary>A file in the database is written a part at a time, so that none has to fit into memory.</summary>
public static class FileParts
{
    private const int PartBytes = 256 * 1024;

    /// <summary>Numbered from 0; none of an empty file.</summary>
    public static async IAsyncEnumerable<(int Number, byte[] Content)> OfAsync(Stream content, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        var buffer = new byte[PartBytes];
        for (var number = 0; await content.ReadAtLeastAsync(buffer, PartBytes, throwOnEndOfStream: false, cancellation) is var read and > 0; number++) yield return (number, buffer[..read]);
    }
}
