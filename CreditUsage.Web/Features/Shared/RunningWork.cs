using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Core.Jobs;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Shared;

/// <summary>A report, closing or import, as the header of every page shows it.</summary>
/// <param name="All">What there is to do, in rows or months; 0 where it is not known.</param>
public sealed record Work(string Address, string Label, bool IsRunning, bool Failed, int Done = 0, int All = 0)
{
    /// <summary>The address of the list that it is in.</summary>
    public string List => Address[..Address.LastIndexOf('/')];

    public static Work Of(ReportJob job, FrameState frame)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(frame);
        var (done, all, unit) = (job.RowsDone, job.Rows, ("row", "rows"));
        if (job.ClosesFrom is { } first)
        {
            (all, unit) = (job.Month.Number - first.Number + 1, ("month", "months"));
            done = Math.Clamp(frame.FirstOpen.Number - first.Number, 0, all);
        }
        var label = job.State switch
        {
            ReportJobState.Queued => $"{job.Name()} waits",
            ReportJobState.Running => $"{job.Name()}: {Display.Number(done)} of {Display.Count(all, unit.Item1, unit.Item2)}",
            ReportJobState.Done => $"{job.Name()} finished",
            _ => $"{job.Name()} failed",
        };
        return new(job.Address(), label, job.IsUnderWay(), job.State == ReportJobState.Failed, done, all);
    }

    public static Work Of(UsageImport import)
    {
        ArgumentNullException.ThrowIfNull(import);
        var (address, file) = ($"/imports/{import.Id}", import.FileName);
        return import.State switch
        {
            UsageImportState.Checking => new(address, $"Checking {file}: {Display.Number(import.RowsDone)} of {Display.Count(import.Rows, "row", "rows")}", IsRunning: true, Failed: false, import.RowsDone, import.Rows),
            UsageImportState.Storing => new(address, $"Importing {file}", IsRunning: true, Failed: false),
            UsageImportState.Reversing => new(address, $"Reversing {file}: {Display.Number(import.RowsDone)} of {Display.Count(import.Accepted, "event", "events")}", IsRunning: true, Failed: false, import.RowsDone, import.Accepted),
            UsageImportState.Reversed => new(address, $"Import reversed: {file}", IsRunning: false, Failed: false),
            UsageImportState.Stored => new(address, $"Import finished: {file}", IsRunning: false, Failed: false),
            UsageImportState.NeedsColumns => new(address, $"Import needs your columns: {file}", IsRunning: false, Failed: false),
            UsageImportState.Refused => new(address, $"Import refused: {file}", IsRunning: false, Failed: true),
            _ => new(address, $"Check finished: {file}", IsRunning: false, Failed: false),
        };
    }
}

/// <summary>Which ended work the user has looked at: a cookie, since nothing but the header depends on it.</summary>
public static class SeenWork
{
    /// <summary>More than anybody opens in a day; a browser sends it with every request.</summary>
    private const int Most = 20;

    private const string Cookie = "CreditUsage.Seen", JobsCookie = "CreditUsage.SeenJobs";

    /// <summary>How long ended work is shown to whoever does not look at it.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(1);

    public static IReadOnlyList<Guid> Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items[Cookie] as IReadOnlyList<Guid> ?? [.. (context.Request.Cookies[Cookie] ?? "").Split('.').Take(Most).Select(text => Guid.TryParseExact(text, "N", out var id) ? id : Guid.Empty)];
    }

    /// <summary>When the list of jobs was last looked at: what had ended until then has been seen.</summary>
    public static DateTimeOffset JobsSeenAt(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items[JobsCookie] is DateTimeOffset now ? now
            : long.TryParse(context.Request.Cookies[JobsCookie], NumberStyles.None, CultureInfo.InvariantCulture, out var then) && then < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(then)
            : DateTimeOffset.MinValue;
    }

    public static void NoteJobs(HttpContext context, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Items[JobsCookie] = now;
        PreferenceCookie.Set(context, JobsCookie, now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), Lasts);
    }

    /// <summary>For the page of the work: it has been looked at once it has ended, and not when it goes on.</summary>
    public static void Note(HttpContext context, Guid id, bool ended)
    {
        var seen = Of(context);
        if (seen.Contains(id) == ended) return;
        IReadOnlyList<Guid> now = [.. (ended ? [id] : Array.Empty<Guid>()), .. seen.Where(other => other != id && other != Guid.Empty).Take(Most - 1)];
        context.Items[Cookie] = now;
        PreferenceCookie.Set(context, Cookie, string.Join('.', now.Select(one => one.ToString("N"))), Lasts);
    }
}
