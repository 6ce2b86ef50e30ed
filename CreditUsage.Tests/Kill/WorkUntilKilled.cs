using System.Globalization;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Features.Imports;
using CreditUsage.Features.Months;
using CreditUsage.Features.Schedules;
using CreditUsage.Platform.Commands;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Kill;

/// <summary>A process that imports, charges and closes without a pause, each for a subscription of its own, and says what is done, until it is killed.</summary>
internal static class WorkUntilKilled
{
    public const string Verb = "work-until-killed";
    public const string Begun = "begun";
    public const int Importing = 1;
    public const int Charging = 2;
    public const int Closing = 3;
    public const int RowsOfFile = 500;
    public const long FirstDevice = 1_000_000_000;

    /// <summary>The days of the schedule of every device: within one month, so that they are charged in one transaction.</summary>
    public static readonly (DateOnly First, DateOnly Last) Days = (new(2026, 1, 2), new(2026, 1, 26));

    public static async Task<int> RunAsync(string folder)
    {
        await using var site = await OpenAsync(folder);
        Func<WebApplication, Task>[] work = [ImportAsync, ChargeAsync, CloseAsync];
        // Each once, so that what follows runs at its full speed.
        await Task.WhenAll(work.Select(one => one(site)));
        Say(Begun);
        await Task.WhenAll(work.Select(async one =>
        {
            while (true) await one(site);
        }));
        return 0;
    }

    public static Task<WebApplication> OpenAsync(string folder) => new VerbHost([], Composition.Build)
        .BuildAsync(["--applicationName=CreditUsage.Web", $"--CreditUsage:DataPath={folder}", "--Logging:LogLevel:Default=None"], CancellationToken.None);

    public static async Task<T> InAsync<T>(WebApplication site, int subscription, Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = site.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(subscription);
        return await act(scope.ServiceProvider);
    }

    private static async Task ImportAsync(WebApplication site)
    {
        var number = await InAsync(site, Importing, services => services.GetRequiredService<CreditUsageDb>().UsageEvents.CountAsync()) / RowsOfFile;
        var rows = Enumerable.Range(0, RowsOfFile).Select(row => CsvRow.Session(FormattableString.Invariant($"I{number}-{row}"), "2026-01-05T09:00:00Z"));
        await InAsync(site, Importing, services => services.GetRequiredService<ImportUsage>().RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(CsvText.Of([.. rows]))), dryRun: false, CancellationToken.None));
        Say($"I{number}");
    }

    private static async Task ChargeAsync(WebApplication site)
    {
        var number = await InAsync(site, Charging, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            var number = await db.TopUpSchedules.CountAsync();
            db.Add(new TopUpSchedule
            {
                SubscriptionId = Charging,
                DeviceId = (FirstDevice + number).ToString(CultureInfo.InvariantCulture),
                Program = "Sleep",
                StaffId = "S1",
                StaffName = "Sam Staff",
                IdentityNote = "Card",
                FirstDay = Days.First,
                LastDay = Days.Last,
                RecordedAt = DateTimeOffset.UtcNow,
                RecordedBy = "somebody",
            });
            await db.SaveChangesAsync();
            return number;
        });
        await InAsync(site, Charging, services => services.GetRequiredService<ChargeTopUps>().RunAsync(CancellationToken.None));
        Say($"C{FirstDevice + number}");
    }

    private static async Task CloseAsync(WebApplication site)
    {
        var closing = await InAsync(site, Closing, async services =>
        {
            var latest = (await ClosedMonths.LoadAsync(services.GetRequiredService<CreditUsageDb>(), CancellationToken.None)).Latest;
            return await services.GetRequiredService<CloseMonth>().RunAsync(latest?.Next ?? KilledSite.FirstMonth, "Closed until killed", CancellationToken.None);
        });
        Say($"M{closing.Month}");
    }

    private static void Say(string what)
    {
        Console.Out.WriteLine(what);
        Console.Out.Flush();
    }
}
