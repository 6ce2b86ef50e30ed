using System.CommandLine;
using System.Globalization;
using CreditUsage.Platform.Api;
using CreditUsage.Platform.Commands;

namespace CreditUsage.Features.ApiKeys;

/// <summary>The verb that makes a key to the API and prints it once.</summary>
public static class CreateApiKeyVerb
{
    public static Command Create(VerbHost host)
    {
        var subscription = VerbOptions.Subscription();
        var name = new Option<string>("--name") { Description = "What the key is called in lists and in the audit", HelpName = "N", Required = true };
        var scope = new Option<string>("--scope") { Description = "What the key may do", HelpName = string.Join('|', ApiScopes.All), Required = true };
        scope.AcceptOnlyFromAmong([.. ApiScopes.All]);
        var expires = new Option<DateOnly?>("--expires")
        {
            Description = $"The last day on which it works, at most {CreateApiKey.MaxDays} days from now; {CreateApiKey.DefaultDays} days when absent",
            HelpName = "YYYY-MM-DD",
            CustomParser = result => VerbOptions.Parsed(result, "a day, such as 2026-10-01", text =>
                DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null),
        };
        var command = new Command("create-api-key", "Creates a key to the API and prints it once") { subscription, name, scope, expires };
        command.SetAction((parsed, cancellation) => host.RunAsync(
            parsed.GetValue(subscription), services => RunAsync(services, parsed.GetValue(name)!, parsed.GetValue(scope)!, parsed.GetValue(expires), cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, string name, string scope, DateOnly? expires, CancellationToken cancellation)
    {
        var create = services.GetRequiredService<CreateApiKey>();
        var (secret, faults) = await create.RunAsync(name, scope, expires ?? create.Today.AddDays(CreateApiKey.DefaultDays), cancellation);
        foreach (var fault in faults) Console.Error.WriteLine(fault.Message);
        if (secret is null) return VerbHost.Failed;
        Console.Out.WriteLine(secret.Text);
        return VerbHost.Done;
    }
}
