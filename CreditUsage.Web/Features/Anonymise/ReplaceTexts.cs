using System.Linq.Expressions;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Anonymise;

/// <summary>Puts codes for names in what people have written and in the addresses that are kept. Within a write; each text is looked at once, however many rows have it.</summary>
internal sealed class ReplaceTexts(CreditUsageDb db, AnonymousNames names, CancellationToken cancellation)
{
    /// <summary>Corrections of one month, or of all.</summary>
    public Task InReasonsAsync(IQueryable<UsageEvent> events) => InAsync(events.Where(usage => usage.CorrectsId != null), usage => usage.Reason, names.Text.Replace);

    /// <summary>Everything else of the clinic. The audit is not among it: it never names a client.</summary>
    public async Task EverywhereAsync()
    {
        await InReasonsAsync(db.UsageEvents);
        await InAsync(db.LedgerEntries, entry => entry.Reason, names.Text.Replace);
        await InAsync(db.BalanceProofs, proof => proof.Finding, names.Text.Replace);
        await InAsync(db.MonthClosings, closing => closing.Note, names.Text.Replace);
        await InAsync(db.MonthClosings, closing => closing.ReopenReason, names.Text.Replace);
        await InAsync(db.Repricings, repricing => repricing.Reason, names.Text.Replace);
        await InAsync(db.UsageImports, import => import.FileName, names.Text.Replace);
        await InAsync(db.UsageImports, import => import.Problem, names.Text.Replace);
        await InAsync(db.UsageImports, import => import.ReverseReason, names.Text.Replace);
        // What was accepted is answered in figures alone.
        await InAsync(db.IdempotentAnswers.Where(answer => answer.Status != StatusCodes.Status200OK), answer => answer.Answer, names.Text.Replace);
        await InAsync(db.TopUpSchedules, schedule => schedule.IdentityNote, names.Text.Replace);
        await InAsync(db.DismissedFindings, finding => finding.Message, names.Text.Replace);
        await InAsync(db.DismissedFindings, finding => finding.Reason, names.Text.Replace);
        await InNamesOfViewsAsync();
        await InAsync(db.SavedViews, view => view.Query, names.InAddress);
        await InAsync(db.ReportJobs, job => job.Note, names.Text.Replace);
        await InAsync(db.ReportJobs, job => job.Problem, names.Text.Replace);
        await InAsync(db.ReportJobs, job => job.Request, names.InAddress);
        await InAsync(db.SavedReports, report => report.Variant, names.InAddress);
    }

    /// <summary>Of one owner no two views have the same name.</summary>
    private async Task InNamesOfViewsAsync()
    {
        foreach (var view in (await db.SavedViews.ToListAsync(cancellation)).Where(view => names.Text.IsIn(view.Name)))
        {
            var name = names.Text.Replace(view.Name);
            var others = await db.SavedViews.CountAsync(other => other.Owner == view.Owner && other.Id != view.Id && other.Name.StartsWith(name), cancellation);
            view.Name = others == 0 ? name : $"{name} ({others + 1})";
            await db.SaveChangesAsync(cancellation);
        }
    }

    public async Task InAsync<T>(IQueryable<T> rows, Expression<Func<T, string?>> text, Func<string, string> replace) where T : class
    {
        var most = db.Model.FindEntityType(typeof(T))!.FindProperty(((MemberExpression)text.Body).Member.Name)!.GetMaxLength() ?? int.MaxValue;
        foreach (var (was, now) in (await rows.Select(text).Distinct().ToListAsync(cancellation)).OfType<string>().Select(was => (was, Now: replace(was) is var now && now.Length > most ? now[..most] : now)).Where(pair => pair.Now != pair.was))
        {
            var same = Expression.Lambda<Func<T, bool>>(Expression.Equal(text.Body, Expression.Constant(was)), text.Parameters);
            await rows.Where(same).ExecuteUpdateAsync(set => set.SetProperty(text, now), cancellation);
        }
    }
}
