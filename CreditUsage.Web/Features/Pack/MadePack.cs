using CreditUsage.Platform.Pdf;

namespace CreditUsage.Features.Pack;

/// <summary>A finished pack in the folder that it was made in. Dispose it when its bytes have been taken: the folder goes with it.</summary>
public sealed class MadePack(PdfJobFolder folder, string path) : IDisposable
{
    public string Path => path;

    public void Dispose() => folder.Dispose();
}
