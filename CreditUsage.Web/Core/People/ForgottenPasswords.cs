using System.Text;
using System.Threading.Channels;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Platform;
using CreditUsage.Platform.Mail;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.People;

/// <summary>
/// Mails a link for a new password to whoever has an account. Asked aside from the request, so that neither the answer nor its time tells whether an
/// address has one. What waits is lost with the process: its owner asks again.
/// </summary>
public sealed partial class ForgottenPasswords(IServiceScopeFactory scopes, ILogger<ForgottenPasswords> log) : BackgroundService
{
    /// <summary>Of one account: nobody's mailbox is filled by others.</summary>
    public static readonly TimeSpan BetweenMails = TimeSpan.FromMinutes(10);

    private const int MostWaiting = 100;

    private readonly Channel<string> _asked = Channel.CreateBounded<string>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ask(string email) => _asked.Writer.TryWrite(email);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var email in _asked.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<MailPasswordLink>().RunAsync(email, stoppingToken);
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailure(problem);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "A link for a forgotten password could not be sent")]
    private partial void LogFailure(Exception problem);
}

public sealed class MailPasswordLink(CreditUsageDb db, CurrentSubscription current, UserManager<AppUser> users, OwnClinics clinics, InvitationLinks links, SendMail mail, AuditLog audit, TimeProvider clock)
{
    public async Task RunAsync(string email, CancellationToken cancellation)
    {
        if (!mail.IsSetUp || !Ascii.IsValid(email) || await users.FindByEmailAsync(email) is not { } user) return;
        current.Enter(await clinics.HomeOfAsync(user));
        current.Actor = AccountAudit.Anonymous;
        int? invitedTo = user.PasswordHash is null ? current.Id : null;
        string path;
        List<string> former;
        await using (var transaction = await db.BeginWriteAsync(cancellation))
        {
            if (!await db.Memberships.OfEverySubscription().AnyAsync(membership => membership.UserId == user.Id && membership.DisabledAt == null, cancellation)) return;
            var since = clock.GetUtcNow() - ForgottenPasswords.BetweenMails + (user.PasswordHash is null ? InvitationLinks.InvitationGoodFor : InvitationLinks.NewPasswordGoodFor);
            if (await db.PasswordLinks.AnyAsync(link => link.UserId == user.Id && link.InvitedTo == invitedTo && link.ExpiresAt > since, cancellation)) return;
            former = await db.PasswordLinks.Where(link => link.UserId == user.Id && link.InvitedTo == invitedTo && link.UsedAt == null && link.WithdrawnAt == null).Select(link => link.TokenHash).ToListAsync(cancellation);
            path = invitedTo is { } clinicOf ? await links.InviteAsync(user, clinicOf, cancellation) : await links.MakeAsync(user, cancellation);
            await audit.AddAsync(AuditAction.User, user.Email!, "Link for a new password asked for and mailed", cancellation);
            await transaction.CommitAsync(cancellation);
        }
        var clinic = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.Name).SingleAsync(cancellation);
        try
        {
            await mail.RunAsync(user.Email!, "Your new password for CreditUsage", Text(user, clinic, mail.Link(path)), cancellation);
        }
        catch (UserFacingException)
        {
            await TakeBackAsync(user, invitedTo, former, cancellation);
            throw;
        }
    }

    /// <summary>A link that did not reach its owner is as if it had not been made: the former ones hold, and another can be asked for at once.</summary>
    private async Task TakeBackAsync(AppUser user, int? invitedTo, List<string> former, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await db.PasswordLinks.Where(link => link.UserId == user.Id && link.InvitedTo == invitedTo && link.UsedAt == null && link.WithdrawnAt == null).ExecuteDeleteAsync(cancellation);
        await db.PasswordLinks.Where(link => former.Contains(link.TokenHash)).ExecuteUpdateAsync(set => set.SetProperty(link => link.WithdrawnAt, (DateTimeOffset?)null), cancellation);
        await audit.AddAsync(AuditAction.User, user.Email!, "The link for a new password could not be mailed", cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static string Text(AppUser user, string clinic, Uri link) =>
        $"""
        Somebody, probably you, asked for a new password for {user.Email} at CreditUsage of {clinic}. Choose it here:

        {link}

        The link works once, {(user.PasswordHash is null ? "for three days" : "for 24 hours")}. If you did not ask, ignore this e-mail: nothing has changed.
        """;
}
