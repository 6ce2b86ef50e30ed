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

/// <summary>
/// Invites somebody to the current clinic, by a link with which they join. Whether the address has an account already, because of another clinic, is nothing that the answer, the list of users or the link tells.
/// </summary>
public sealed class InviteUser(CreditUsageDb db, CurrentSubscription current, UserManager<AppUser> users, OwnClinics clinics, InvitationLinks links, PublicAddress addresses, SendMail mail, AuditLog audit, TimeProvider clock)
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
        if (await ProblemAsync(email, cancellation) is { } problem) return (null, problem);
        var invited = await AddAsync(email, role, cancellation);
        await transaction.CommitAsync(cancellation);
        return (await SendLinkAsync(email, invited: true, invited.Path, cancellation), null);
    }

    /// <summary>What is wrong with an address that is to be invited; null when nothing is.</summary>
    public async Task<string?> ProblemAsync(string email, CancellationToken cancellation)
    {
        if (!Ascii.IsValid(email) || !Address.IsValid(email)) return "Enter an e-mail address such as name@clinic.example.";
        if (await users.FindByEmailAsync(email) is { } user)
            return await db.Memberships.AnyAsync(membership => membership.UserId == user.Id, cancellation) ? "This address is in the list already. Open its entry to change the role or to make a new link." : null;
        foreach (var validator in users.UserValidators)
            if (!(await validator.ValidateAsync(users, UserOf(email))).Succeeded) return "Use only letters, digits and - . _ + in the e-mail address.";
        return null;
    }

    /// <summary>Invites an address without a problem and makes its link, within the caller's write.</summary>
    public async Task<InvitedAddress> AddAsync(string email, string role, CancellationToken cancellation)
    {
        var here = db.RequireSubscriptionId();
        var user = await users.FindByEmailAsync(email);
        if (user is null) await users.CreateAsync(user = UserOf(email)).ThrowIfFailedAsync();
        db.Add(new Membership { UserId = user.Id, SubscriptionId = here, Role = role, InvitedAt = clock.GetUtcNow(), InvitedBy = current.Actor, InvitedAs = email });
        await audit.AddAsync(AuditAction.User, email, $"Invited as {role}", cancellation);
        return new InvitedAddress(email, await links.InviteAsync(user, here, cancellation));
    }

    /// <summary>Mails each its link. A server that fails once is not waited for again, nor a slow one for ever: the links that are left are to be copied.</summary>
    public async Task<IReadOnlyList<Invitation>> SendLinksAsync(IReadOnlyList<InvitedAddress> addressed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(addressed);
        var (sent, begun, stopped) = (new List<Invitation>(), clock.GetTimestamp(), false);
        foreach (var (email, path) in addressed)
        {
            stopped |= clock.GetElapsedTime(begun) > MailingTime;
            var invitation = stopped ? Unsent(email, invited: true, addresses.Of(path)) with { Mailed = "It was not sent: copy the link and send it yourself." } : await SendLinkAsync(email, invited: true, path, cancellation);
            stopped |= mail.IsSetUp && invitation.Mailed != SentByMail;
            sent.Add(invitation);
        }
        return sent;
    }

    private AppUser UserOf(string email) => new() { UserName = email, Email = email, SubscriptionId = db.RequireSubscriptionId() };

    /// <summary>A new link: it withdraws earlier ones, while a forgotten password stays valid until the link is used.</summary>
    /// <returns>The link, or why there is none.</returns>
    public async Task<(Invitation? Invitation, string? Problem)> AgainAsync(Guid id, CancellationToken cancellation)
    {
        var (key, here) = (id.ToString(), db.RequireSubscriptionId());
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var membership = await db.Memberships.AsNoTracking().SingleAsync(membership => membership.UserId == key, cancellation);
        var user = await db.Users.SingleAsync(user => user.Id == key, cancellation);
        var (invited, email) = (membership.JoinedAt is null, membership.JoinedAt is null ? membership.InvitedAs ?? user.Email! : user.Email!);
        if (!invited && await clinics.AnyElsewhereAsync(key, cancellation)) return (null, ChangeUser.OfSeveralClinics);
        await audit.AddAsync(AuditAction.User, email, invited ? "Invited again" : "Link for a new password made", cancellation);
        // The account gets a new stamp: where its owner joins another clinic at this moment, one of the two fails.
        if (!invited) await users.UpdateAsync(user).ThrowIfFailedAsync();
        var path = invited ? await links.InviteAsync(user, here, cancellation) : await links.MakeAsync(user, cancellation);
        await transaction.CommitAsync(cancellation);
        return (await SendLinkAsync(email, invited, path, cancellation), null);
    }

    /// <summary>The invitation stands even if the mail fails.</summary>
    private async Task<Invitation> SendLinkAsync(string email, bool invited, string path, CancellationToken cancellation)
    {
        var invitation = Unsent(email, invited, addresses.Of(path));
        if (!mail.IsSetUp) return invitation with { Mailed = addresses.IsSet ? invitation.Mailed : invitation.Mailed + AddressUnknown };
        try
        {
            var clinic = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.Name).SingleAsync(cancellation);
            await mail.RunAsync(invitation.Email, invitation.Subject, Text(invitation, clinic, invited), cancellation);
            return invitation with { Mailed = SentByMail };
        }
        catch (UserFacingException problem)
        {
            return invitation with { Mailed = problem.Message + " Copy the link and send it yourself." };
        }
    }

    private static Invitation Unsent(string email, bool invited, Uri link)
    {
        const string mailed = "This server does not send e-mail: copy the link and send it yourself.";
        return invited ? new("Your invitation to CreditUsage", email, link, "for three days", mailed) : new("Your new password for CreditUsage", email, link, "for 24 hours", mailed);
    }

    private string Text(Invitation invitation, string clinic, bool invited) =>
        $"""
        {current.Actor} {(invited ? $"invites you to CreditUsage of {clinic}" : $"had a link made for your new password for CreditUsage of {clinic}")}.

        {(invited ? "Accept the invitation here, with the password that you have or with a new one" : "Choose your password here")}:

        {invitation.Link}

        The link works once, {invitation.GoodFor}. If you did not expect it, ignore this e-mail.
        """;
}

/// <param name="GoodFor">"for three days".</param>
/// <param name="Mailed">The outcome of the mail, in words.</param>
public sealed record Invitation(string Subject, string Email, Uri Link, string GoodFor, string Mailed);

/// <param name="Path">Of the link, which nobody can read again.</param>
public sealed record InvitedAddress(string Email, string Path);
