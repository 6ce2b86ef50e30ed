using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Auditing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>Everything that is wrong with an import, to download.</summary>
public static class ImportFaultsFile
{
    public static async Task<Results<PhysicalFileHttpResult, NotFound>> AnswerAsync(Guid id, CreditUsageDb db, ImportFiles files, AuditReads audit, CancellationToken cancellation)
    {
        // The row first: it is the subscription's, the file is anybody's.
        if (!await db.UsageImports.AnyAsync(import => import.Id == id, cancellation) || files.FaultsOf(id) is not { } list) return TypedResults.NotFound();
        audit.Note(AuditAction.Export, "Imports", $"Errors of import {id}");
        return TypedResults.PhysicalFile(list, "text/csv; charset=utf-8", $"Import errors {id:N}.csv");
    }
}
