using CreditUsage.Platform.Addresses;
using CreditUsage.Platform.Telemetry;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace CreditUsage.Platform.Mail;

public sealed class SendMail(IOptions<CreditUsageOptions> options, PublicAddress addresses, MailTimeout patience, ILogger<SendMail> log)
{
    /// <summary>Attachments extend the timeout: the slowest connection is expected to send this many bytes a second.</summary>
    private const int BytesPerSecond = 250_000;

    private SmtpOptions Smtp => options.Value.Smtp;

    public bool IsSetUp => !string.IsNullOrEmpty(Smtp.Host);

    public Uri Link(string path) => addresses.Of(path);

    /// <exception cref="UserFacingException">The server did not accept the mail within ten seconds; the log says why.</exception>
    public async Task RunAsync(string to, string subject, string text, CancellationToken cancellation)
    {
        var outcome = await SendOnceAsync(new OutgoingMail(new MailboxAddress("", to), subject, text, []), cancellation);
        if (outcome.Taken) return;
        throw new UserFacingException(outcome.Known
            ? "The mail could not be sent."
            : "The mail server did not confirm the mail, so it may not arrive.");
    }

    /// <summary>For a waiting user: ten seconds, and a little longer for a large mail. Failures are returned, not thrown.</summary>
    public Task<MailOutcome> SendOnceAsync(OutgoingMail mail, CancellationToken cancellation) => SendOnceAsync(mail, TimeSpan.Zero, cancellation);

    /// <summary>For background jobs: once the mail server has the mail, it may take minutes to answer.</summary>
    public Task<MailOutcome> DeliverAsync(OutgoingMail mail, CancellationToken cancellation) => SendOnceAsync(mail, patience.Answer, cancellation);

    private async Task<MailOutcome> SendOnceAsync(OutgoingMail mail, TimeSpan forTheAnswer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mail);
        using var message = Message(mail);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        until.CancelAfter(patience.Talk + TimeSpan.FromSeconds(mail.Bytes / BytesPerSecond));
        var onItsWay = new SendProgress(() => { if (forTheAnswer > TimeSpan.Zero) until.CancelAfter(forTheAnswer); });
        try
        {
            var answer = await SendAsync(message, onItsWay, until);
            SiteMetrics.MailSent(taken: true);
            return MailOutcome.Accepted(answer);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested && MailOutcome.IsOfTheServer(problem))
        {
            SiteMetrics.MailSent(taken: false);
            log.LogWarning(problem, "A mail could not be sent through {Host}:{Port}{Doubt}", Smtp.Host, Smtp.Port, onItsWay.IsWhollySent ? ", or it is not known whether it was" : "");
            return MailOutcome.Of(problem, onItsWay.IsWhollySent);
        }
    }

    private MimeMessage Message(OutgoingMail mail)
    {
        var body = new BodyBuilder { TextBody = mail.Text };
        foreach (var file in mail.Files) body.Attachments.Add(Part(file));
        var message = new MimeMessage { Subject = mail.Subject, Body = body.ToMessageBody() };
        message.From.Add(MailboxAddress.Parse(Smtp.From!));
        message.To.Add(mail.To);
        return message;
    }

    /// <summary>Always base64: line endings of text might be changed on the way.</summary>
    private static MimePart Part(MailFile file) => new(ContentType.Parse(file.MediaType))
    {
        Content = new MimeContent(new MemoryStream(file.Content.ToArray())),
        ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
        ContentTransferEncoding = ContentEncoding.Base64,
        FileName = file.Name,
    };

    private async Task<string> SendAsync(MimeMessage message, SendProgress onItsWay, CancellationTokenSource until)
    {
        // The token limits the time, which differs from step to step; the client's own timeout does not.
        using var client = new SmtpClient { Timeout = Timeout.Infinite };
        await client.ConnectAsync(Smtp.Host!, Smtp.Port, Security(), until.Token);
        if (!string.IsNullOrEmpty(Smtp.UserName)) await client.AuthenticateAsync(Smtp.UserName, Smtp.Password ?? "", until.Token);
        var answer = await client.SendAsync(message, until.Token, onItsWay);
        until.CancelAfter(patience.Talk);
        await LeaveAsync(client, until.Token);
        return answer;
    }

    /// <summary>The mail has been accepted, so a failure here must not send it again.</summary>
    private static async Task LeaveAsync(SmtpClient client, CancellationToken cancellation)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellation);
        }
        catch (Exception problem) when (MailOutcome.IsOfTheServer(problem))
        {
            // Nothing is lost.
        }
    }

    private SecureSocketOptions Security() => Smtp.Security switch
    {
        SmtpSecurity.None => SecureSocketOptions.None,
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.SslOnConnect,
    };
}
