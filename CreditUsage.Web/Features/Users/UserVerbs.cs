using System.CommandLine;
using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Features.Users;

/// <summary>One line a user, its parts separated by tabs.</summary>
public static class ListUsersVerb
{
    public static Command Create(VerbHost host)
    {
        var subscription = VerbOptions.Subscription();
        var command = new Command("list-users", "Lists the users of a subscription: address, role, state, two-factor sign-in, and every clinic that they may enter, separated by tabs") { subscription };
        command.SetAction((parsed, cancellation) => host.RunAsync(parsed.GetValue(subscription), services => RunAsync(services, cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var clinics = services.GetRequiredService<OwnClinics>();
        foreach (var user in await services.GetRequiredService<UserList>().AllAsync(cancellation))
        {
            var own = (await clinics.OfAsync(user.Id.ToString(), cancellation)).OrderBy(clinic => clinic.Id).Select(clinic => string.Create(CultureInfo.InvariantCulture, $"{clinic.Id} {clinic.Name}"));
            Console.Out.WriteLine(string.Join('\t', user.Email, user.Role, user.State, user.TwoFactor ? "Two-factor on" : "Two-factor off", string.Join(", ", own)));
        }
        return VerbHost.Done;
    }
}

/// <summary>For the server's keeper, when nobody is left who could do it on the page.</summary>
public static class UnlockUserVerb
{
    public static Command Create(VerbHost host)
    {
        var email = UserVerbs.Email();
        var command = new Command("unlock-user", "Unlocks a user whom ten wrong passwords or codes have locked") { email };
        command.SetAction((parsed, cancellation) => host.RunAsync(services => RunAsync(services, parsed.GetValue(email)!, cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, string email, CancellationToken cancellation)
    {
        var user = await UserVerbs.EnterAsync(services, email);
        var locked = user.LockoutEnd > services.GetRequiredService<TimeProvider>().GetUtcNow();
        await using var transaction = await services.GetRequiredService<CreditUsageDb>().BeginWriteAsync(cancellation);
        await services.GetRequiredService<ChangeUser>().UnlockAsync(user, "On the command line", cancellation);
        await transaction.CommitAsync(cancellation);
        Console.Out.WriteLine(locked ? $"Unlocked {user.Email}." : $"{user.Email} was not locked.");
        return VerbHost.Done;
    }
}

public static class ResetPasswordVerb
{
    public static Command Create(VerbHost host)
    {
        var email = UserVerbs.Email();
        var command = new Command("reset-password", "Gives a user another password, unlocks them and ends their sessions; the password is read from standard input, or generated and printed once when there is none") { email };
        command.SetAction((parsed, cancellation) => host.RunAsync(services => RunAsync(services, parsed.GetValue(email)!, cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, string email, CancellationToken cancellation)
    {
        var user = await UserVerbs.EnterAsync(services, email);
        var (password, generated) = await NewPassword.ReadAsync(cancellation);
        var problems = await services.GetRequiredService<ResetPassword>().RunAsync(user, password, isTemporary: generated, cancellation);
        foreach (var problem in problems) Console.Error.WriteLine(problem);
        if (problems.Count > 0) return VerbHost.Failed;
        var isClosed = (await services.GetRequiredService<OwnClinics>().OfAsync(user.Id, cancellation)).Count == 0;
        Console.Out.WriteLine($"{user.Email} has another password.{(isClosed ? " The account stays disabled: no clinic lets it in." : "")}");
        if (generated) NewPassword.Print(password);
        return VerbHost.Done;
    }
}

/// <summary>Without a link and without the password before. The second factor stays.</summary>
public sealed class ResetPassword(CreditUsageDb db, UserManager<AppUser> users, AuditLog audit, TimeProvider clock)
{
    /// <param name="isTemporary">The password lapses after a day, and its owner must choose another in that time.</param>
    /// <returns>Sentences that say what is wrong; empty when it was done.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(AppUser user, string password, bool isTemporary, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(user);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        (user.LockoutEnd, user.AccessFailedCount) = (null, 0);
        var done = await users.ResetPasswordAsync(user, await users.GeneratePasswordResetTokenAsync(user), password);
        if (!done.Succeeded) return [.. done.Errors.Select(error => error.Description)];
        user.PasswordExpiresAt = isTemporary ? TemporaryPassword.End(clock) : null;
        await users.UpdateAsync(user).ThrowIfFailedAsync();
        await audit.AddAsync(AuditAction.User, user.Email!, "New password set on the command line", cancellation);
        await transaction.CommitAsync(cancellation);
        return [];
    }
}

internal static class NewPassword
{
    /// <summary>The first line of standard input, or one that is made here.</summary>
    public static async Task<(string Password, bool Generated)> ReadAsync(CancellationToken cancellation)
    {
        var typed = Console.IsInputRedirected ? await Console.In.ReadLineAsync(cancellation) : null;
        return string.IsNullOrEmpty(typed) ? (CreateUser.GeneratePassword(), true) : (typed, false);
    }

    public static void Print(string generated)
    {
        Console.Out.WriteLine("It is good for 24 hours, in which another must be chosen.");
        Console.Out.WriteLine($"Password: {generated}");
    }
}

internal static class UserVerbs
{
    public static Option<string> Email() => new("--email") { Description = "The address that the user signs in with", HelpName = "EMAIL", Required = true };

    /// <summary>Finds a user of any subscription, and enters the one that their sign-in leads to.</summary>
    public static async Task<AppUser> EnterAsync(IServiceProvider services, string email)
    {
        var user = await services.GetRequiredService<UserManager<AppUser>>().FindByEmailAsync(email) ?? throw new UserFacingException($"There is no user {email}. The verb list-users lists those there are.");
        var current = services.GetRequiredService<CurrentSubscription>();
        current.Enter(await services.GetRequiredService<OwnClinics>().HomeOfAsync(user));
        current.Actor = VerbHost.Actor;
        return user;
    }
}
