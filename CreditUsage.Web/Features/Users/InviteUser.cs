using System.ComponentModel.DataAnnotations;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Platform;
using CreditUsage.Platform.Addresses;
using CreditUsage.Platform.Mail;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Users;

/// <summary>Makes an account without a password, and the link with which its owner sets one.</summary>
public sealed class InviteUser(CreditUsageDb db, CurrentSubscription current, UserManager<AppUser> users, RoleManager<IdentityRole> roles, InvitationLinks links, PublicAddress addresses, SendMail mail, AuditLog audit, TimeProvider clock)
{
    private const string AddressUnknown = " Check that it begins with the address your colleagues use for this site.";

    private const string SentByMail = "It was also sent by e-mail.";

    /// <summary>Somebody waits for the answer.</summary>
    private static readonly TimeSpan MailingTime = TimeSpan.FromSeconds(30);

    private static readonly EmailAddressAttribute Address = new();

    /// <returns>The invitation, or what is wrong with the address.</returns>
    public async Task<(Invitation? Invitation, string? Problem)> RunAsync(string email, string role, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await ProblemAsync(email) is { } problem) return (null, problem);
        var account = await AddAsync(email, role, cancellation);
        await transaction.CommitAsync(cancellation);
        return (await SendLinkAsync(account.User, account.Path, cancellation), null);
    }

    /// <summary>What is wrong with an address that is to be invited; null when nothing is.</summary>
    public async Task<string?> ProblemAsync(string email)
    {
        if (!Ascii.IsValid(email) || !Address.IsValid(email)) return "Enter an e-mail address such as name@clinic.example.";
        var user = UserOf(email);
        foreach (var validator in users.UserValidators)
            if (await validator.ValidateAsync(users, user) is { Succeeded: false } refused) return Problem(refused);
        return null;
    }

    /// <summary>Makes the account of an address without a problem, and its link, within the caller's write.</summary>
    /// <exception cref="UserFacingException">The address has an account meanwhile.</exception>
    public async Task<InvitedAccount> AddAsync(string email, string role, CancellationToken cancellation)
    {
        var user = UserOf(email);
        // Another clinic may have invited the same address at the same moment.
        if (await users.CreateAsync(user) is { Succeeded: false } refused) throw new UserFacingException(Problem(refused));
        if (!await roles.RoleExistsAsync(role)) await roles.CreateAsync(new IdentityRole(role)).ThrowIfFailedAsync();
        await users.AddToRoleAsync(user, role).ThrowIfFailedAsync();
        await audit.AddAsync(AuditAction.User, email, $"Invited as {role}", cancellation);
        return new InvitedAccount(user, await links.MakeAsync(user, cancellation));
    }

    /// <summary>Mails each its link. A server that fails once is not waited for again, nor a slow one for ever: the links that are left are to be copied.</summary>
    public async Task<IReadOnlyList<Invitation>> SendLinksAsync(IReadOnlyList<InvitedAccount> accounts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        var (sent, begun, stopped) = (new List<Invitation>(), clock.GetTimestamp(), false);
        foreach (var (user, path) in accounts)
        {
            stopped |= clock.GetElapsedTime(begun) > MailingTime;
            var invitation = stopped ? Unsent(user, addresses.Of(path)) with { Mailed = "It was not sent: copy the link and send it yourself." } : await SendLinkAsync(user, path, cancellation);
            stopped |= mail.IsSetUp && invitation.Mailed != SentByMail;
            sent.Add(invitation);
        }
        return sent;
    }

    private AppUser UserOf(string email) => new() { UserName = email, Email = email, SubscriptionId = db.RequireSubscriptionId() };

    /// <summary>A new link: it withdraws earlier ones, while a forgotten password stays valid until the link is used.</summary>
    public async Task<Invitation> AgainAsync(AppUser user, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(user);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await audit.AddAsync(AuditAction.User, user.Email!, user.PasswordHash is null ? "Invited again" : "Link for a new password made", cancellation);
        var path = await links.MakeAsync(user, cancellation);
        await transaction.CommitAsync(cancellation);
        return await SendLinkAsync(user, path, cancellation);
    }

    /// <summary>The invitation stands even if the mail fails.</summary>
    private async Task<Invitation> SendLinkAsync(AppUser user, string path, CancellationToken cancellation)
    {
        var invitation = Unsent(user, addresses.Of(path));
        if (!mail.IsSetUp) return invitation with { Mailed = addresses.IsSet ? invitation.Mailed : invitation.Mailed + AddressUnknown };
        try
        {
            var clinic = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.Name).SingleAsync(cancellation);
            await mail.RunAsync(invitation.Email, invitation.Subject, Text(invitation, clinic, invited: user.PasswordHash is null), cancellation);
            return invitation with { Mailed = SentByMail };
        }
        catch (UserFacingException problem)
        {
            return invitation with { Mailed = problem.Message + " Copy the link and send it yourself." };
        }
    }

    private static Invitation Unsent(AppUser user, Uri link)
    {
        const string mailed = "This server does not send e-mail: copy the link and send it yourself.";
        return user.PasswordHash is null ? new("Your invitation to CreditUsage", user.Email!, link, "for three days", mailed) : new("Your new password for CreditUsage", user.Email!, link, "for 24 hours", mailed);
    }

    private string Text(Invitation invitation, string clinic, bool invited) =>
        $"""
        {current.Actor} {(invited ? $"invites you to CreditUsage of {clinic}" : $"had a link made for your new password for CreditUsage of {clinic}")}.

        Choose your password here:

        {invitation.Link}

        The link works once, {invitation.GoodFor}. If you did not expect it, ignore this e-mail.
        """;

    /// <summary>Does not reveal whether the account belongs to another subscription.</summary>
    private static string Problem(IdentityResult result) => result.Errors.Any(error => error.Code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName))
        ? "This address already has an account. Enter another address."
        : "Use only letters, digits and - . _ + in the e-mail address.";
}

/// <param name="GoodFor">"for three days".</param>
/// <param name="Mailed">The outcome of the mail, in words.</param>
public sealed record Invitation(string Subject, string Email, Uri Link, string GoodFor, string Mailed);

/// <param name="Path">Of the link, which nobody can read again.</param>
public sealed record InvitedAccount(AppUser User, string Path);
