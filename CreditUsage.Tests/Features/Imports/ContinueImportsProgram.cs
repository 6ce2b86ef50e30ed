using CreditUsage.Data;
using CreditUsage.Features.Imports;
using CreditUsage.Tests.Bench;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Imports;

/// <summary>This test project as a program that checks and stores every import of a data folder, as the jobs of a site would, until it is killed.</summary>
internal static class ContinueImportsProgram
{
    public const string Word = "continue-imports";
    public const string Ready = "ready";

    public static async Task<int> RunAsync(string folder)
    {
        await using var site = await new BenchData(folder).OpenAsync();
        Console.Out.WriteLine(Ready);
        while (await InAsync(site.Services, NextAsync) is { } next)
        {
            if (next.State == UsageImportState.Checked) await InAsync(site.Services, services => AskAsync(services, next.Id));
            else await InAsync(site.Services, services => ContinueAsync(services, next.Id));
            Console.Out.WriteLine(next.State);
        }
        return 0;
    }

    private static Task<UsageImport?> NextAsync(IServiceProvider services) => services.GetRequiredService<CreditUsageDb>().UsageImports.AsNoTracking()
        .Where(import => import.State != UsageImportState.Stored && import.State != UsageImportState.Refused).OrderBy(import => import.FileName).FirstOrDefaultAsync();

    /// <summary>What choosing Import does, without the job engine.</summary>
    private static Task<int> AskAsync(IServiceProvider services, Guid id) => services.GetRequiredService<CreditUsageDb>().UsageImports.Where(import => import.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(import => import.State, UsageImportState.Storing).SetProperty(import => import.StoredBy, "somebody"));

    private static async Task<bool> ContinueAsync(IServiceProvider services, Guid id)
    {
        await services.GetRequiredService<ContinueImport>().RunAsync(id, CancellationToken.None);
        return true;
    }

    private static async Task<T> InAsync<T>(IServiceProvider services, Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(BenchData.Subscription);
        return await act(scope.ServiceProvider);
    }
}
