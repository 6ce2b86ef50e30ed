using System.CommandLine;
using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;
using CreditUsage.Platform.Security;

namespace CreditUsage.Features.Users;

/// <summary>Reads the password from standard input, or generates it and prints it once.</summary>
public static class CreateUserVerb
{
    public static Command Create(VerbHost host)
    {
        var email = new Option<string>("--email") { Description = "The address to sign in with", HelpName = "EMAIL", Required = true };
        var subscription = VerbOptions.Subscription();
        var role = new Option<string>("--role") { Description = "What the user may do", HelpName = "ROLE", Required = true };
        role.AcceptOnlyFromAmong([.. Roles.All]);
        var command = new Command("create-user", "Creates a user; the password is read from standard input, or generated and printed once when there is none") { email, subscription, role };
        command.SetAction((parsed, cancellation) => host.RunAsync(
            parsed.GetValue(subscription), services => RunAsync(services, parsed.GetValue(email)!, parsed.GetValue(role)!, cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, string email, string role, CancellationToken cancellation)
    {
        var (password, generated) = await NewPassword.ReadAsync(cancellation);
        var problems = await services.GetRequiredService<CreateUser>().RunAsync(email, password, role, isTemporary: generated);
        foreach (var problem in problems) Console.Error.WriteLine(problem);
        if (problems.Count > 0) return VerbHost.Failed;
        Console.Out.WriteLine($"Created {email}.");
        if (generated) NewPassword.Print(password);
        return VerbHost.Done;
    }
}

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
