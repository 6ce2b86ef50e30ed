using System.CommandLine;
using CreditUsage.Core.Demo;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;
using CreditUsage.Platform.Security;

namespace CreditUsage;

public static class SiteVerbs
{
    private const string DemoFolder = "./demo-data";

    public static Command Serve(VerbHost host)
    {
        var command = new Command("serve", "Starts the site (the default); --urls says where");
        command.SetAction((_, cancellation) => ServeAsync(host, cancellation));
        return command;
    }

    public static async Task<int> ServeAsync(VerbHost host, CancellationToken cancellation)
    {
        var app = await host.BuildAsync([.. host.Settings], cancellation);
        await StartAsync(app, cancellation);
        return await app.StopInTimeAsync();
    }

    /// <summary>Makes two invented clinics, in a data folder of its own unless the settings name one.</summary>
    public static Command Demo(VerbHost host)
    {
        var command = new Command("demo", "Starts the site on demo data in ./demo-data and prints the users' passwords once");
        command.SetAction(async (_, cancellation) =>
        {
            var app = await host.BuildAsync([$"--CreditUsage:DataPath={Environment.GetEnvironmentVariable("CreditUsage__DataPath") ?? DemoFolder}", .. host.Settings], cancellation);
            var users = await new CreateDemo(app.Services.GetRequiredService<IServiceScopeFactory>(), app.Services.GetRequiredService<TimeProvider>())
                .RunAsync(Roles.FinanceAdministrator, Roles.Administrator, cancellation);
            await StartAsync(app, cancellation);
            Announce(app.Urls.First(), users);
            return await app.StopInTimeAsync();
        });
        return command;
    }

    public static Command Migrate(VerbHost host)
    {
        var command = new Command("migrate", "Applies pending database migrations and stops");
        command.SetAction(async (_, cancellation) =>
        {
            var applied = await host.MigrateAsync(cancellation);
            foreach (var name in applied) Console.Out.WriteLine($"Applied {name}.");
            if (applied.Count == 0) Console.Out.WriteLine("Nothing to do: the database is up to date.");
            return VerbHost.Done;
        });
        return command;
    }

    private static async Task StartAsync(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            await VerbHost.WarnAsync(app, cancellation);
            await app.StartAsync(cancellation);
        }
        catch (Exception problem) when (ListenFailure.Explain(problem) is { } explanation)
        {
            await app.DisposeAsync();
            throw new UserFacingException(explanation, problem);
        }
    }

    private static void Announce(string url, IReadOnlyList<(string Email, string Password)> users)
    {
        Console.Out.WriteLine($"CreditUsage with demo data is at {url}");
        foreach (var (email, password) in users) Console.Out.WriteLine($"  sign in as {email} with the password {password}");
        Console.Out.WriteLine(users.Count > 0
            ? "  The passwords are shown this once. Ctrl+C stops the site."
            : "  The demo users were made at the first start, which printed their passwords. To begin anew, delete the demo data folder. Ctrl+C stops the site.");
    }
}
