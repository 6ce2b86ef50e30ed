using System.CommandLine;
using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Subscriptions;

public static class CreateSubscriptionVerb
{
    public static Command Create(VerbHost host)
    {
        var name = new Option<string>("--name") { Description = "The clinic's name", HelpName = "NAME", Required = true };
        var start = VerbOptions.Day("--start", "The first day whose usage can be reported");
        var sameName = new Option<bool>("--same-name") { Description = "Asks and says nothing where another clinic has this name" };
        var command = new Command("create-subscription", "Creates a subscription and prints its id") { name, start, sameName };
        command.SetAction((parsed, cancellation) => host.RunAsync(services => RunAsync(services, parsed.GetValue(name)!, parsed.GetValue(start), parsed.GetValue(sameName), cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, string name, DateOnly start, bool sameName, CancellationToken cancellation)
    {
        if (ClinicName.TryRead(name, out var called) is { } fault) throw new UserFacingException(fault);
        if (start > DateOnly.FromDateTime(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime))
            throw new UserFacingException("The start is in the future; a subscription can begin today at the latest.");
        var db = services.GetRequiredService<CreditUsageDb>();
        var others = await db.Subscriptions.Where(other => other.Name == called).OrderBy(other => other.Id).Select(other => other.Id).ToListAsync(cancellation);
        if (others.Count > 0 && !sameName && !IsMeant(others[0])) throw new UserFacingException("Nothing was created.");
        var subscription = new Subscription { Name = called, StartsOn = start };
        db.Add(subscription);
        await db.SaveChangesAsync(cancellation);
        Console.Out.WriteLine(subscription.Id.ToString(CultureInfo.InvariantCulture));
        return VerbHost.Done;
    }

    /// <summary>Asks whoever sits before it; a script, which cannot answer, is told.</summary>
    private static bool IsMeant(int other)
    {
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Subscription {other} has this name already; --same-name says that this is another clinic."));
        if (Console.IsInputRedirected) return true;
        Console.Error.Write("Create another of the same name? [y/N] ");
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}

public static class ChangeSubscriptionVerb
{
    public static Command Create(VerbHost host)
    {
        var subscription = VerbOptions.Subscription();
        var name = new Option<string?>("--name") { Description = "The clinic's new name", HelpName = "NAME" };
        var start = VerbOptions.Day("--start", "The new first day whose usage can be reported");
        start.Required = false;
        var command = new Command("change-subscription", "Changes a clinic's name or first day") { subscription, name, start };
        command.SetAction((parsed, cancellation) => host.RunAsync(parsed.GetValue(subscription), services => RunAsync(
            services, parsed.GetValue(name), parsed.GetResult(start) is null ? null : parsed.GetValue(start), cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, string? name, DateOnly? start, CancellationToken cancellation)
    {
        if (name is null && start is null) throw new UserFacingException("Say what to change: --name, --start or both.");
        var change = services.GetRequiredService<ChangeSubscription>();
        if (await change.RunAsync(name, start, shown: null, cancellation) is { } problem) throw new UserFacingException(problem.Message);
        var changed = await change.FindAsync(cancellation);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{changed.Name}, from {changed.StartsOn:yyyy-MM-dd} on."));
        return VerbHost.Done;
    }
}
