using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Kill;

/// <summary>A process that asks for reports and makes them in the background without a pause, and says what was asked for and what is saved, until it is killed.</summary>
internal static class MakeUntilKilled
{
    public const string Verb = "make-until-killed";
    public const string Begun = "begun";
    public const int Clinic = 1;
    public const string Somebody = "somebody@clinic.example";

    /// <summary>Long enough ago that there is always another month to ask for.</summary>
    public static readonly UsageMonth FirstMonth = new(1995, 1);

    private const int MonthsInTurn = 370;
    private const int Waiting = 3;

    private static readonly TimeSpan BetweenTurns = TimeSpan.FromMilliseconds(25);

    public static async Task<int> RunAsync(string folder)
    {
        await using var site = await OpenAsync(folder, migrate: false);
        await ForgetLeasesAsync(site);
        var said = (await DoneAsync(site)).ToHashSet();
        Say(Begun);
        Func<Task>[] work = [() => AskAsync(site), () => MakeAsync(site), () => TellAsync(site, said)];
        // Whichever fails first ends the process, which the test takes for what it is.
        await await Task.WhenAny(work.Select(async one =>
        {
            while (true)
            {
                await one();
                await Task.Delay(BetweenTurns);
            }
        }));
        return 0;
    }

    /// <param name="migrate">Whether the database is made; looking whether it has to be takes a start a good part of its time.</param>
    public static Task<WebApplication> OpenAsync(string folder, bool migrate) => new VerbHost([], Composition.Build)
        .BuildAsync(["--applicationName=CreditUsage.Web", $"--CreditUsage:DataPath={folder}", $"--CreditUsage:Database:MigrateOnStart={migrate}", "--CreditUsage:Pdf:Concurrency=3", "--Logging:LogLevel:Default=None"], CancellationToken.None);

    public static Task MakeAsync(WebApplication site) => site.Services.GetRequiredService<RunJobs>().RunAsync(CancellationToken.None);

    /// <summary>As if as much time had passed as the leases of a killed process last.</summary>
    public static Task<int> ForgetLeasesAsync(WebApplication site) => WorkUntilKilled.InAsync(site, Clinic, services => services.GetRequiredService<CreditUsageDb>()
        .ReportJobs.Where(job => job.State == ReportJobState.Running).ExecuteUpdateAsync(set => set.SetProperty(job => job.LeasedUntil, DateTimeOffset.UnixEpoch)));

    /// <summary>What Save To PDF does of a long month, without the job engine; each time of a month, kinds and order of its own.</summary>
    private static async Task AskAsync(WebApplication site)
    {
        var asked = await WorkUntilKilled.InAsync(site, Clinic, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            if (await db.ReportJobs.CountAsync(job => job.State == ReportJobState.Queued) >= Waiting) return (Guid?)null;
            var job = Next(await db.ReportJobs.CountAsync());
            db.Add(job);
            await db.SaveChangesAsync();
            return job.Id;
        });
        if (asked is { } id) Say($"Q{id}");
    }

    private static ReportJob Next(int number)
    {
        var (sessions, topUps) = (number / MonthsInTurn % 3) switch { 0 => (true, true), 1 => (true, false), _ => (false, true) };
        var sort = UsageSort.Default;
        if (number >= MonthsInTurn * 3) Assert.True(UsageSort.TryParse("-cost", out sort));
        var filter = new ReportFilter(UsageMonth.FromNumber(FirstMonth.Number + (number % MonthsInTurn)), sessions, topUps, sort);
        return new ReportJob
        {
            Id = Guid.NewGuid(),
            SubscriptionId = Clinic,
            Form = ReportType.Month,
            Month = filter.Month,
            Request = filter.Query(),
            RequestedBy = Somebody,
            RequestedAt = DateTimeOffset.UtcNow,
            State = ReportJobState.Queued,
        };
    }

    private static async Task TellAsync(WebApplication site, HashSet<Guid> said)
    {
        foreach (var id in await DoneAsync(site))
            if (said.Add(id))
                Say($"D{id}");
    }

    private static Task<List<Guid>> DoneAsync(WebApplication site) => WorkUntilKilled.InAsync(site, Clinic, services => services.GetRequiredService<CreditUsageDb>()
        .ReportJobs.Where(job => job.State == ReportJobState.Done).Select(job => job.Id).ToListAsync());

    private static void Say(string what)
    {
        Console.Out.WriteLine(what);
        Console.Out.Flush();
    }
}
