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
public sealed class InviteUser(CreditUsageDb db, CurrentSubscription current, UserManager<AppUser> users, RoleManager<IdentityRole> roles, InvitationLinks links, PublicAddress addresses, SendMail mail, AuditLog audit)
{
    private const string AddressUnknown = " Check that it begins with the address your colleagues use for this site.";

    private static readonly EmailAddressAttribute Address = new();

    /// <returns>The invitation, or what is wrong with the address.</returns>
    public async Task<(Invitation? Invitation, string? Problem)> RunAsync(string email, string role, CancellationToken cancellation)
    {
        if (!Ascii.IsValid(email) || !Address.IsValid(email)) return (null, "Enter an e-mail address such as name@clinic.example.");
        var user = new AppUser { UserName = email, Email = email, SubscriptionId = db.RequireSubscriptionId() };
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var made = await users.CreateAsync(user);
        if (!made.Succeeded) return (null, Problem(made));
        if (!await roles.RoleExistsAsync(role)) await roles.CreateAsync(new IdentityRole(role)).ThrowIfFailedAsync();
        await users.AddToRoleAsync(user, role).ThrowIfFailedAsync();
        await audit.AddAsync(AuditAction.User, email, $"Invited as {role}", cancellation);
        var path = await links.MakeAsync(user, cancellation);
        await transaction.CommitAsync(cancellation);
        return (await SendLinkAsync(user, path, cancellation), null);
    }

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
            return invitation with { Mailed = "It was also sent by e-mail." };
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
