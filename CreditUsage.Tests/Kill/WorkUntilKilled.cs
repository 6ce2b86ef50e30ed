using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CreditUsage.Core.Closing;
using CreditUsage.Core.Webhooks;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Imports;
using CreditUsage.Features.Schedules;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CreditUsage.Tests.Kill;

/// <summary>A process that imports, charges, closes and sends webhooks without a pause, and says what is done, until it is killed.</summary>
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

    /// <summary>What writes without a pause leaves the others hardly a turn at the database.</summary>
    private static readonly TimeSpan BetweenTurns = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(string folder)
    {
        await using var site = await OpenAsync(folder);
        Func<WebApplication, Task>[] work = [ImportAsync, ChargeAsync, CloseAsync, SendAsync];
        Say(Begun);
        // Whichever fails first ends the process, which the test takes for what it is.
        await await Task.WhenAny(work.Select(async one =>
        {
            while (true)
            {
                await one(site);
                await Task.Delay(BetweenTurns);
            }
        }));
        return 0;
    }

    public static Task<WebApplication> OpenAsync(string folder) => new VerbHost([], Composition.Build)
        .BuildAsync(["--applicationName=CreditUsage.Web", $"--CreditUsage:DataPath={folder}", "--Logging:LogLevel:Default=None", "--CreditUsage:Webhooks:AllowPrivateTargets=true"], CancellationToken.None);

    public static async Task<T> InAsync<T>(WebApplication site, int subscription, Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = site.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(subscription);
        return await act(scope.ServiceProvider);
    }

    /// <summary>One file from its upload to its end, or from where a killed process left it, as the jobs of a site would. Every second one is a wrong file, and is reversed.</summary>
    private static async Task ImportAsync(WebApplication site)
    {
        var import = await InAsync(site, Importing, UnfinishedAsync) ?? await InAsync(site, Importing, services => UploadAsync(site, services.GetRequiredService<CreditUsageDb>()));
        for (var state = import.State; state is not (UsageImportState.Stored or UsageImportState.Reversing); state = await InAsync(site, Importing, services => StateAsync(services, import.Id)))
            await InAsync(site, Importing, services => state == UsageImportState.Checked ? AskAsync(services, import.Id) : ContinueAsync(services, import.Id));
        if (import.State != UsageImportState.Reversing) Say(import.FileName);
        if (import.FileName[^1] % 2 == 0) return;
        if (import.State != UsageImportState.Reversing) await InAsync(site, Importing, services => ReverseAsync(services, import.Id));
        while (await InAsync(site, Importing, services => StateAsync(services, import.Id)) != UsageImportState.Reversed) await InAsync(site, Importing, services => ContinueAsync(services, import.Id));
        Say($"R{import.FileName}");
    }

    private static Task<UsageImport?> UnfinishedAsync(IServiceProvider services) =>
        services.GetRequiredService<CreditUsageDb>().UsageImports.AsNoTracking().SingleOrDefaultAsync(import => import.State != UsageImportState.Stored && import.State != UsageImportState.Reversed);

    private static async Task<UsageImport> UploadAsync(WebApplication site, CreditUsageDb db)
    {
        var name = FormattableString.Invariant($"I{await db.UsageImports.CountAsync()}");
        var content = Encoding.UTF8.GetBytes(CsvText.Of([.. Enumerable.Range(0, RowsOfFile).Select(row => CsvRow.Session(FormattableString.Invariant($"{name}-{row}"), "2026-01-05T09:00:00Z"))]));
        var import = new UsageImport
        {
            Id = Guid.NewGuid(),
            SubscriptionId = Importing,
            FileName = name,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            SizeBytes = content.Length,
            UploadedBy = "somebody",
            UploadedAt = DateTimeOffset.UtcNow,
            State = UsageImportState.Checking,
            Rows = RowsOfFile,
        };
        var folder = Directory.CreateDirectory(Path.Combine(site.Services.GetRequiredService<IOptions<CreditUsageOptions>>().Value.DataFolder, "imports"));
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"{import.Id:N}.csv"), content);
        db.Add(import);
        await db.SaveChangesAsync();
        return import;
    }

    private static Task<UsageImportState> StateAsync(IServiceProvider services, Guid id) =>
        services.GetRequiredService<CreditUsageDb>().UsageImports.Where(import => import.Id == id).Select(import => import.State).SingleAsync();

    /// <summary>What choosing Import does, without the job engine.</summary>
    private static Task<int> AskAsync(IServiceProvider services, Guid id) => services.GetRequiredService<CreditUsageDb>().UsageImports.Where(import => import.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(import => import.State, UsageImportState.Storing).SetProperty(import => import.StoredBy, "somebody"));

    private static Task<int> ReverseAsync(IServiceProvider services, Guid id) => services.GetRequiredService<CreditUsageDb>().UsageImports.Where(import => import.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(import => import.State, UsageImportState.Reversing).SetProperty(import => import.ReversedBy, "somebody").SetProperty(import => import.ReverseReason, "A wrong file"));

    private static async Task<int> ContinueAsync(IServiceProvider services, Guid id)
    {
        await services.GetRequiredService<ContinueImport>().RunAsync(id, CancellationToken.None);
        return 0;
    }

    private static async Task ChargeAsync(WebApplication site)
    {
        var number = await InAsync(site, Charging, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            var number = await db.TopUpSchedules.CountAsync();
            db.Add(CardSchedule.Of(Charging, (FirstDevice + number).ToString(CultureInfo.InvariantCulture), Days.First, Days.Last));
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
            var latest = (await services.GetRequiredService<CreditUsageDb>().ClosedMonthsAsync(CancellationToken.None)).Latest;
            return await services.GetRequiredService<CloseMonth>().RunAsync(latest?.Next ?? KilledSite.FirstMonth, "Closed until killed", CancellationToken.None);
        });
        Say($"M{closing.Month}");
    }

    public static Task SendAsync(WebApplication site) => site.Services.GetRequiredService<SendWebhooksOfEverySubscription>().RunAsync(CancellationToken.None);

    private static void Say(string what)
    {
        Console.Out.WriteLine(what);
        Console.Out.Flush();
    }
}
