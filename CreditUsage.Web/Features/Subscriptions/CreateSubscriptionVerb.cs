using System.CommandLine;
using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;

namespace CreditUsage.Features.Subscriptions;

/// <summary>The verb that opens a clinic's account.</summary>
public static class CreateSubscriptionVerb
{
    public static Command Create(VerbHost host)
    {
        var name = new Option<string>("--name") { Description = "The clinic's name", HelpName = "NAME", Required = true };
        var start = VerbOptions.Day("--start", "The first day whose usage can be reported");
        var command = new Command("create-subscription", "Creates a subscription and prints its id") { name, start };
        command.SetAction((parsed, cancellation) => host.RunAsync(services => RunAsync(services, parsed.GetValue(name)!, parsed.GetValue(start), cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, string name, DateOnly start, CancellationToken cancellation)
    {
        if (!RecordedName.TryNormalise(name, out var normalised, out var fault)) throw new UserFacingException($"The name {fault}.");
        if (normalised.Length == 0) throw new UserFacingException("The name is empty; write the clinic's name.");
        if (start > DateOnly.FromDateTime(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime))
            throw new UserFacingException("The start is in the future; a subscription can begin today at the latest.");
        var db = services.GetRequiredService<CreditUsageDb>();
        var subscription = new Subscription { Name = normalised, StartsOn = start };
        db.Add(subscription);
        await db.SaveChangesAsync(cancellation);
        Console.Out.WriteLine(subscription.Id.ToString(CultureInfo.InvariantCulture));
        return VerbHost.Done;
    }
}
