using System.CommandLine;
using System.Globalization;
using CreditUsage.Platform.Commands;

namespace CreditUsage.Features.Schedules;

/// <summary>The verb that charges daily top-ups once, as the site does each night.</summary>
public static class ChargeTopUpsVerb
{
    public static Command Create(VerbHost host)
    {
        var subscription = VerbOptions.Subscription();
        (subscription.Required, subscription.Description) = (false, "Only this subscription, by its id");
        var command = new Command("charge-top-ups", "Charges the days of schedules that are over and have no top-up, as the site does each night") { subscription };
        command.SetAction((parsed, cancellation) => parsed.GetResult(subscription) is null
            ? host.RunAsync(services => ChargeAllAsync(services, cancellation), cancellation)
            : host.RunAsync(parsed.GetValue(subscription), services => ChargeOneAsync(services, cancellation), cancellation));
        return command;
    }

    private static async Task<int> ChargeAllAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var (charged, failed) = await services.GetRequiredService<ChargeEverySubscription>().RunAsync(cancellation);
        Print(charged);
        return failed == 0 ? VerbHost.Done : VerbHost.Failed;
    }

    private static async Task<int> ChargeOneAsync(IServiceProvider services, CancellationToken cancellation)
    {
        Print(await services.GetRequiredService<ChargeTopUps>().RunAsync(cancellation));
        return VerbHost.Done;
    }

    private static void Print(int charged) => Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{charged} charged"));
}
