using CreditUsage.Data;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Rendering;

namespace CreditUsage.Features.Credits;

/// <summary>Makes the PDF of a statement.</summary>
public sealed class MakeStatementPdf(CreditLedger ledger, CreditUsageDb db, RenderView render, IPdfEngine engine)
{
    /// <summary>A proved file; dispose it when its bytes have been taken.</summary>
    /// <exception cref="PdfException">In words for the user; nothing is left behind.</exception>
    public async Task<PdfFile> RunAsync(StatementFilter filter, string printedBy, CancellationToken cancellation)
    {
        var document = StatementPdf.Of(await ledger.StatementAsync(filter, cancellation), printedBy);
        await db.EndSnapshotAsync();
        return await engine.ConvertAsync(document.Source(writer => render.ToAsync(StatementPdf.View, document, writer)), rowsDone: null, cancellation);
    }
}
