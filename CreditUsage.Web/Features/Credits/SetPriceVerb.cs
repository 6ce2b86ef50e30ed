using System.CommandLine;
using System.Globalization;
using CreditUsage.Domain;
using CreditUsage.Platform;
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
            CustomParser = result => VerbOptions.Parsed(result, "a price, such as 0.45", Micros),
        };
        var command = new Command("set-price", "Sets a credit's price from a day on") { subscription, from, price };
        command.SetAction((parsed, cancellation) => host.RunAsync(
            parsed.GetValue(subscription), services => RunAsync(services, parsed.GetValue(from), parsed.GetValue(price), cancellation), cancellation));
        return command;
    }

    private static long? Micros(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var pounds) && pounds <= 10_000
        && decimal.IsInteger(pounds * CreditPrice.MicrosPerPound) ? (long)(pounds * CreditPrice.MicrosPerPound) : null;

    private static async Task<int> RunAsync(IServiceProvider services, DateOnly from, long micros, CancellationToken cancellation)
    {
        try
        {
            var priced = await services.GetRequiredService<SetCreditPrice>().RunAsync(from, micros, cancellation);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A credit costs £{micros / (decimal)CreditPrice.MicrosPerPound:0.00####} from {from:yyyy-MM-dd} on."));
            if (priced > 0) Console.Out.WriteLine($"{priced} events that had no price have their cost now.");
            return VerbHost.Done;
        }
        catch (InvalidOperationException problem)
        {
            throw new UserFacingException(problem.Message, problem);
        }
    }
}
