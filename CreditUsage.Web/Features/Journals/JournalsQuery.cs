using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Platform.Auditing;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Journals;

public sealed class JournalsQuery(ReportQuery query, CreditUsageDb db)
{
    /// <summary>Opens a snapshot: what is read after it is of the same instant.</summary>
    public async Task<JournalMonth> RunAsync(ReportFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var report = await query.OpenAsync(filter, cancellation);
        var accounts = await db.AccountMappings.AsNoTracking().SingleOrDefaultAsync(cancellation);
        var stock = await StockMovement.OfAsync(db, filter.Month, cancellation);
        var journal = accounts is null || report.All.CostPence is null ? null : Journal.Of(report, accounts, stock);
        return new JournalMonth(report, accounts, journal, stock);
    }
}

/// <param name="Accounts">Null until they are set.</param>
/// <param name="Journal">Null where no accounts are set or the money is withheld.</param>
public sealed record JournalMonth(CreditUsageReport Report, AccountMapping? Accounts, Journal? Journal, StockMovement Stock)
{
    /// <summary>What the account of unused credits is credited with; the report's price until accounts are set.</summary>
    public PrepaidBasis Basis => Accounts?.Basis ?? PrepaidBasis.ReportPrice;

    public UnusedCredits Unused => Stock.Closing;

    public StockBridge Bridge => Stock.Bridge(Basis);

    /// <summary>Why there is no such file, and what to do; null where there is one.</summary>
    public string? Refusal(bool asJournal)
    {
        if (Report.Withheld is { } withheld) return withheld;
        if (!asJournal) return null;
        if (Journal is null) return "Choose your accounts first.";
        // Mappings of earlier versions may have an account twice.
        if (AccountsInput.Of(Accounts).Validate(out var faults) is null) return faults[0].Message;
        if (Basis != PrepaidBasis.ReportPrice && Unused.Overdrawn > 0)
            return $"{Display.Count(Unused.Overdrawn, "credit was", "credits were")} used beyond those bought, so their cost is not known. Record your purchases, or an adjustment for your opening balance.";
        return Journal.Lines.Count == 0 ? $"{Report.Filter.Month.Name} has no cost, so there is nothing to post." : null;
    }
}

public static class JournalFiles
{
    private const string Focus = "focus";
    private const string Csv = "text/csv; charset=utf-8";

    public static async Task<IResult> AnswerAsync(
        string file, HttpContext context, ReportQuery months, JournalsQuery query, AuditReads reads, CancellationToken cancellation)
    {
        var journal = JournalCsv.For(file);
        if (journal is null && file != Focus) return TypedResults.NotFound();
        var choice = MonthInput.Of(context.Request.Query, await months.MonthsAsync(cancellation));
        if (choice.Filter is not { } filter) return Problem(choice.Faults[0].Message);
        var books = await query.RunAsync(filter, cancellation);
        if (books.Refusal(asJournal: journal is not null) is { } refusal) return Problem(refusal);
        reads.Note(AuditAction.Export, filter.Month.Name, journal is null ? "FOCUS 1.2" : $"Journal for {file}");
        if (journal is not null) return TypedResults.Stream(stream => journal(stream, books.Journal!, cancellation), Csv, $"Credit Usage Journal {filter.Month} {file}.csv");
        return TypedResults.Stream(stream => FocusCsv.WriteAsync(stream, books.Report, [.. books.Stock.Bought.OrderBy(entry => entry.ServiceDate).ThenBy(entry => entry.Id)], books.Report.RowsAsync(cancellation), cancellation), Csv, $"Credit Usage FOCUS {filter.Month}.csv");
    }

    private static IResult Problem(string what) => TypedResults.Problem(what, statusCode: StatusCodes.Status422UnprocessableEntity, title: "There is a problem");
}
