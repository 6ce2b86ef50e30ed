using System.CommandLine;
using CreditUsage.Core.Closing;
using CreditUsage.Core.Jobs;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Months;

public static class CloseMonthVerb
{
    public static Command Create(VerbHost host)
    {
        var subscription = VerbOptions.Subscription();
        var month = VerbOptions.Month(required: false);
        var upTo = VerbOptions.Month("--up-to", "The last of several months: closes every open one up to it, the earliest first", required: false);
        var note = new Option<string?>("--note") { Description = "Why, although something recommended is missing on a month's checklist" };
        var command = new Command("close-month", "Closes a month, or every open month up to one: rows and PDF are kept, and nothing changes them") { subscription, month, upTo, note };
        command.Validators.Add(result =>
        {
            if (result.GetResult(month) is null == result.GetResult(upTo) is null) result.AddError("Write either --month or --up-to.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var because = string.IsNullOrWhiteSpace(parsed.GetValue(note)) ? null : parsed.GetValue(note);
            return host.RunAsync(parsed.GetValue(subscription), services => parsed.GetResult(upTo) is null
                ? OneAsync(services, parsed.GetValue(month), because, cancellation)
                : UpToAsync(services, parsed.GetValue(upTo), because, cancellation), cancellation);
        });
        return command;
    }

    private static async Task<int> OneAsync(IServiceProvider services, UsageMonth month, string? note, CancellationToken cancellation)
    {
        Announce(await services.GetRequiredService<CloseMonth>().RunAsync(month, note, cancellation));
        return VerbHost.Done;
    }

    /// <summary>As the page does in the background: those before the first that cannot be closed stay closed.</summary>
    private static async Task<int> UpToAsync(IServiceProvider services, UsageMonth last, string? note, CancellationToken cancellation)
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        var calendar = await MonthCalendar.LoadAsync(db, services.GetRequiredService<TimeProvider>().GetUtcNow(), cancellation);
        if (calendar.Months.Refusal(last) is { } refusal) throw new UserFacingException(refusal);
        if (calendar.StateOf(last) is { IsClosed: false, InProgress: true }) throw new UserFacingException($"{last.Name} is in progress. Choose a month that is over.");
        var first = calendar.Closed.Latest?.Next ?? calendar.Months.First;
        if (first > last)
        {
            Console.Out.WriteLine($"Nothing to do: {last.Name} is closed.");
            return VerbHost.Done;
        }
        await services.GetRequiredService<CloseSeveralMonths>().RunAsync(first, last, note, new Progress<int>(), cancellation);
        foreach (var closing in await db.MonthClosings.AsNoTracking().Where(closing => closing.Month >= first && closing.Month <= last && closing.ReopenedAt == null).OrderBy(closing => closing.Month).ToListAsync(cancellation))
            Announce(closing);
        return VerbHost.Done;
    }

    private static void Announce(MonthClosing closing) =>
        Console.Out.WriteLine($"{closing.Month.Name} is closed, version {closing.Version}. Rows {closing.RowsSha256}, PDF {closing.PdfSha256}");
}
