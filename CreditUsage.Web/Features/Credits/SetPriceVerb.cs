using System.CommandLine;
using System.Globalization;
using CreditUsage.Platform.Commands;

namespace CreditUsage.Features.Credits;

/// <summary>The verb that sets what a credit costs from a day on.</summary>
public static class SetPriceVerb
{
    public static Command Create(VerbHost host)
    {
        var subscription = VerbOptions.Subscription();
        var from = VerbOptions.Day("--from", "The first day that the price is valid on");
        var price = new Option<long>("--gbp")
        {
            Description = "Pounds for a credit, with up to six decimals",
            HelpName = "0.45",
            Required = true,
            CustomParser = result => VerbOptions.Parsed(result, "a price, such as 0.45", text => LedgerFields.Micros(text, SetCreditPrice.MaxMicros)),
        };
        var command = new Command("set-price", "Sets a credit's price from a day on") { subscription, from, price };
        command.SetAction((parsed, cancellation) => host.RunAsync(
            parsed.GetValue(subscription), services => RunAsync(services, parsed.GetValue(from), parsed.GetValue(price), cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, DateOnly from, long micros, CancellationToken cancellation)
    {
        var priced = await services.GetRequiredService<SetCreditPrice>().RunAsync(from, micros, cancellation);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A credit costs {PricePeriod.Format(micros)} from {from:yyyy-MM-dd} on."));
        if (priced > 0) Console.Out.WriteLine($"{priced} events that had no price have their cost now.");
        return VerbHost.Done;
    }
}
