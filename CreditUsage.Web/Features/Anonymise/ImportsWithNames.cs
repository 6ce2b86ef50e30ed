using CreditUsage.Core.Intake;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Anonymise;

/// <summary>What is kept of imports that have ended: their first rows, faults and doubles, and the bytes of a refused file.</summary>
internal sealed class ImportsWithNames(CreditUsageDb db, ImportFiles files)
{
    private static readonly ImportFileKind[] Read = [ImportFileKind.Faults, ImportFileKind.Notes, ImportFileKind.Preview, ImportFileKind.Doubles];

    /// <summary>Those with the names in them, as an anonymisation keeps them; null for none. A refused file may be a workbook, so it goes unread.</summary>
    public async Task<string?> FindAsync(NamesInText names, CancellationToken cancellation)
    {
        var found = new List<string>();
        foreach (var import in await db.UsageImports.Select(import => import.Id).ToListAsync(cancellation))
        {
            foreach (var kind in Read)
                if (await NamesAsync(import, kind, names, cancellation)) found.Add($"{import:N}.{(int)kind}");
            await using var upload = await files.OpenAsync(import, ImportFileKind.Upload, cancellation);
            if (upload is not null) found.Add($"{import:N}.{(int)ImportFileKind.Upload}");
        }
        return found.Count == 0 ? null : string.Join(' ', found);
    }

    public async Task RemoveAsync(string? found, CancellationToken cancellation)
    {
        foreach (var file in (found ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (file.Split('.') is [var id, var kind]) await files.RemoveKeptAsync(Guid.ParseExact(id, "N"), (ImportFileKind)int.Parse(kind, System.Globalization.CultureInfo.InvariantCulture), cancellation);
    }

    private async Task<bool> NamesAsync(Guid import, ImportFileKind kind, NamesInText names, CancellationToken cancellation)
    {
        await using var content = await files.OpenAsync(import, kind, cancellation);
        if (content is null) return false;
        using var text = new StreamReader(content);
        while (await text.ReadLineAsync(cancellation) is { } line)
            if (names.IsIn(line)) return true;
        return false;
    }
}
