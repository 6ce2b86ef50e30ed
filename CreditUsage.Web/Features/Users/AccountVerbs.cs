using System.CommandLine;
using CreditUsage.Platform.Commands;
using CreditUsage.Platform.Security;

namespace CreditUsage.Features.Users;

/// <summary>Reads the password from standard input, or generates it and prints it once. Somebody who has an account keeps theirs.</summary>
public static class CreateUserVerb
{
    public static Command Create(VerbHost host)
    {
        var email = new Option<string>("--email") { Description = "The address to sign in with", HelpName = "EMAIL", Required = true };
        var subscription = VerbOptions.Subscription();
        var role = new Option<string>("--role") { Description = "What the user may do", HelpName = "ROLE", Required = true };
        role.AcceptOnlyFromAmong([.. Roles.All]);
        var command = new Command("create-user", "Creates a user, or gives one of another clinic a role in this one too; the password is read from standard input, or generated and printed once when there is none") { email, subscription, role };
        command.SetAction((parsed, cancellation) => host.RunAsync(
            parsed.GetValue(subscription), services => RunAsync(services, parsed.GetValue(email)!, parsed.GetValue(role)!, cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, string email, string role, CancellationToken cancellation)
    {
        var create = services.GetRequiredService<CreateUser>();
        if (await create.AddAsync(email, role, cancellation))
        {
            Console.Out.WriteLine($"{email} has an account already, and a role in this clinic too from now on. The password stays.");
            return VerbHost.Done;
        }
        var (password, generated) = await NewPassword.ReadAsync(cancellation);
        var problems = await create.RunAsync(email, password, role, isTemporary: generated);
        foreach (var problem in problems) Console.Error.WriteLine(problem);
        if (problems.Count > 0) return VerbHost.Failed;
        Console.Out.WriteLine($"Created {email}.");
        if (generated) NewPassword.Print(password);
        return VerbHost.Done;
    }
}
