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
            ? host.RunAsync(services => EveryAsync(services, cancellation), cancellation)
            : host.RunAsync(parsed.GetValue(subscription), services => OneAsync(services, cancellation), cancellation));
        return command;
    }

    private static async Task<int> EveryAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var (charged, failed) = await services.GetRequiredService<ChargeEverySubscription>().RunAsync(cancellation);
        Say(charged);
        return failed == 0 ? VerbHost.Done : VerbHost.Failed;
    }

    private static async Task<int> OneAsync(IServiceProvider services, CancellationToken cancellation)
    {
        Say(await services.GetRequiredService<ChargeTopUps>().RunAsync(cancellation));
        return VerbHost.Done;
    }

    private static void Say(int charged) => Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{charged} charged"));
}
