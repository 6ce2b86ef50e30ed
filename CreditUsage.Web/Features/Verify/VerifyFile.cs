using System.Buffers;
using System.CommandLine;
using System.Security.Cryptography;
using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Privacy;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Verify;

/// <summary>Compares a file with the saved reports of every subscription. Tells its holder no more than the file says and what has replaced it.</summary>
public sealed class VerifyFile(CreditUsageDb db, IServiceScopeFactory scopes)
{
    public async Task<Verdict> RunAsync(Stream content, CancellationToken cancellation)
    {
        var (sha256, claim) = await FileMark.ReadAsync(content, cancellation);
        var saved = await db.SavedReports.AsNoTracking().OfEverySubscription().FirstOrDefaultAsync(report => report.Sha256 == sha256, cancellation);
        if (saved is { RemovedAt: not null } && await ReplacedAsync(sha256, cancellation) is { } withdrawn) return withdrawn;
        return saved is not null ? await GenuineAsync(saved, cancellation) : await ReplacedAsync(sha256, cancellation) ?? Altered(sha256, claim);
    }

    /// <summary>A report whose file was replaced by an anonymised edition, or withdrawn; null where it is none of them. Says no more than that.</summary>
    private async Task<Verdict?> ReplacedAsync(string sha256, CancellationToken cancellation)
    {
        if (await db.ReplacedFiles.AsNoTracking().OfEverySubscription().FirstOrDefaultAsync(file => file.Sha256 == sha256 && file.SavedReportId != null, cancellation) is not { } replaced) return null;
        var saved = await db.SavedReports.AsNoTracking().OfEverySubscription().SingleAsync(report => report.Id == replaced.SavedReportId, cancellation);
        return Former(saved, replaced, sha256);
    }

    private static Verdict Former(SavedReport saved, ReplacedFile replaced, string sha256) => replaced.ReplacedBySha256 is null
        ? new(ReportStatus.Superseded, "Genuine, but withdrawn", $"This was {saved.Label}, {UsageMonth.Of(saved.MonthStart).Name}, exactly as it was saved. It was withdrawn on {Display.Moment(replaced.ReplacedAt)}, since it named a client who has been anonymised, and could not be made again. Delete this copy.", sha256)
        : new(ReportStatus.Superseded, "Genuine, but replaced by an anonymised edition", $"This was {saved.Label}, {UsageMonth.Of(saved.MonthStart).Name}, exactly as it was saved. On {Display.Moment(replaced.ReplacedAt)} an anonymised edition with the same figures took its place (SHA-256 {replaced.ReplacedBySha256}). Delete this copy, which names a client.", sha256);

    private static Verdict Altered(string sha256, FileClaim claim) => claim switch
    {
        FileClaim.Kept => new(ReportStatus.Altered, "Altered", "This file claims to be a CreditUsage report but matches none saved here: it was changed, re-saved by another program, or never saved here.", sha256),
        FileClaim.NotKept => new(ReportStatus.Altered, "Never saved, so it cannot be verified", "CreditUsage made this file without saving it, so nobody can tell whether it was altered. Ask for a saved report.", sha256),
        _ => new(ReportStatus.Altered, "Altered, or not a report", "This file matches no report saved here and does not claim to be one.", sha256),
    };

    private async Task<Verdict> GenuineAsync(SavedReport saved, CancellationToken cancellation)
    {
        var subscription = await db.Subscriptions.Where(own => own.Id == saved.SubscriptionId).Select(own => own.Name).SingleAsync(cancellation);
        var month = UsageMonth.Of(saved.MonthStart);
        var what = $"{saved.Label}, {month.Name}, of {subscription} (\"{saved.FileName}\"), exactly as it was saved on {Display.Moment(saved.SavedAt)}";
        // The pages list the criteria; that something is left out is said here too.
        var part = (saved.IsPart ? " It shows part of the month: its pages say which." : "") + (saved.AnonymisedAt is { } at ? $" It is the anonymised edition of {Display.Moment(at)}." : "");
        return await SupersededByAsync(saved, month, cancellation) is { } reason
            ? new(ReportStatus.Superseded, $"Genuine, but {reason}", $"This is {what}.{part} It is {reason}.", saved.Sha256)
            : await DifferenceAsync(saved, month, cancellation) is { } difference
                ? new(ReportStatus.Unproved, "Genuine, but its month is no longer what was closed", $"This is {what}.{part} {difference}", saved.Sha256)
            : saved.Draft
                ? new(ReportStatus.Current, "Genuine and current, as a draft", $"This is {what}.{part} {month.Name} was not closed then, so later events are missing: a draft is never final.", saved.Sha256)
                : new(ReportStatus.Current, "Genuine and current", $"This is {what}.{part} Nothing has taken its place.", saved.Sha256);
    }

    /// <summary>Within the report's own subscription; null where its month is what was closed, or is open.</summary>
    private Task<string?> DifferenceAsync(SavedReport saved, UsageMonth month, CancellationToken cancellation) =>
        scopes.InSubscriptionAsync(saved.SubscriptionId, services => services.GetRequiredService<ReportQuery>().DifferenceAsync(month, cancellation));

    /// <summary>"superseded by version 2"; null where it is current.</summary>
    private async Task<string?> SupersededByAsync(SavedReport saved, UsageMonth month, CancellationToken cancellation)
    {
        var latest = await db.MonthClosings.AsNoTracking().OfEverySubscription().Where(closing => closing.SubscriptionId == saved.SubscriptionId && closing.Month == month)
            .OrderByDescending(closing => closing.Version).FirstOrDefaultAsync(cancellation);
        var succession = ReportSuccession.Of(saved, latest, saved.Draft ? await LatestDraftAsync(saved, cancellation) : null);
        return succession switch
        {
            { Version: { } version } => $"{succession.Label}, closed on {Display.Moment(version.ClosedAt)}",
            { ReopenedAt: { } at } => $"no longer in force: {month.Name} was reopened on {Display.Moment(at)} and has not been closed again",
            _ => succession?.Label,
        };
    }

    private Task<int?> LatestDraftAsync(SavedReport saved, CancellationToken cancellation) => db.SavedReports.OfEverySubscription()
        .Where(other => other.SubscriptionId == saved.SubscriptionId && other.MonthStart == saved.MonthStart && other.Sessions == saved.Sessions && other.TopUps == saved.TopUps
            && other.Form == saved.Form && other.Variant == saved.Variant && other.Draft)
        .MaxAsync(other => (int?)other.Version, cancellation);
}

/// <param name="Sha256">Of the file, lower-case hexadecimal.</param>
public sealed record Verdict(ReportStatus ReportStatus, string Heading, string Sentence, string Sha256);

public enum ReportStatus
{
    /// <summary>A saved report, byte for byte, that nothing has replaced.</summary>
    Current,

    /// <summary>A saved report, byte for byte, that was replaced.</summary>
    Superseded,

    /// <summary>A saved report, byte for byte, whose month in the database is not what was closed.</summary>
    Unproved,

    Altered,
}

internal enum FileClaim
{
    None,

    /// <summary>Made here to be looked at, and not kept.</summary>
    NotKept,

    Kept,
}

public static class VerifyVerb
{
    public static Command Create(VerbHost host)
    {
        var path = new Argument<FileInfo>("PATH") { Description = "A PDF" };
        var command = new Command("verify", "Says whether a PDF is a saved report: genuine and current, genuine but superseded, or altered (exit code 1)") { path };
        command.SetAction((parsed, cancellation) => host.RunAsync(services => RunAsync(services, parsed.GetValue(path)!, cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, FileInfo path, CancellationToken cancellation)
    {
        try
        {
            await using var content = path.OpenRead();
            var verdict = await services.GetRequiredService<VerifyFile>().RunAsync(content, cancellation);
            Console.Out.WriteLine($"{verdict.Heading}. {verdict.Sentence} SHA-256 {verdict.Sha256}");
            return verdict.ReportStatus is ReportStatus.Altered or ReportStatus.Unproved ? VerbHost.Failed : VerbHost.Done;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"{path.FullName} cannot be read: {problem.Message}", problem);
        }
    }
}

/// <summary>Finds what a file claims without interpreting it: a PDF parser should not be given a stranger's file.</summary>
internal static class FileMark
{
    private const int AtOnce = 64 * 1024;

    private static ReadOnlySpan<byte> Creator => "/Creator (CreditUsage)"u8;

    /// <summary>The creator in PDFs that were not saved.</summary>
    private static ReadOnlySpan<byte> CreatorOfUnkept => "/Creator (CreditUsage, not kept)"u8;

    /// <returns>The SHA-256 in lower-case hexadecimal, and the file's claim.</returns>
    public static async Task<(string Sha256, FileClaim Claim)> ReadAsync(Stream content, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(AtOnce);
        try
        {
            var (claim, kept) = (FileClaim.None, 0);
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(kept), cancellation)) > 0)
            {
                hash.AppendData(buffer, kept, read);
                if (buffer.AsSpan(0, kept + read).IndexOf(Creator) >= 0) claim = FileClaim.Kept;
                else if (claim == FileClaim.None && buffer.AsSpan(0, kept + read).IndexOf(CreatorOfUnkept) >= 0) claim = FileClaim.NotKept;
                // The mark may span two reads.
                kept = KeepEnd(buffer.AsSpan(0, kept + read), buffer);
            }
            return (Convert.ToHexStringLower(hash.GetHashAndReset()), claim);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int KeepEnd(ReadOnlySpan<byte> read, Span<byte> buffer)
    {
        var end = read[^Math.Min(read.Length, CreatorOfUnkept.Length - 1)..];
        end.CopyTo(buffer);
        return end.Length;
    }
}
