using System.Net.Sockets;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace CreditUsage.Platform.Mail;

/// <summary>Sends mails of plain text through the SMTP server of the settings.</summary>
public sealed class SendMail(IOptions<CreditUsageOptions> options, ILogger<SendMail> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private SmtpOptions Smtp => options.Value.Smtp;

    public bool IsSetUp => !string.IsNullOrEmpty(Smtp.Host);

    /// <summary>An address of the site for a mail, under the settings' public one.</summary>
    /// <param name="path">Path and query, from the root of the site.</param>
    public Uri Link(string path) => new(options.Value.PublicUrl!, path);

    /// <exception cref="UserFacingException">The server did not take the mail within ten seconds; the log says why.</exception>
    public async Task RunAsync(string to, string subject, string text, CancellationToken cancellation)
    {
        using var mail = new MimeMessage();
        mail.From.Add(MailboxAddress.Parse(Smtp.From!));
        mail.To.Add(new MailboxAddress("", to));
        mail.Subject = subject;
        mail.Body = new TextPart("plain") { Text = text };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await SendAsync(mail, patience.Token);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested && IsOfTheServer(problem))
        {
            log.LogWarning(problem, "A mail could not be sent through {Host}:{Port}", Smtp.Host, Smtp.Port);
            throw new UserFacingException("The mail could not be sent: the mail server did not take it. The server's log says why.", problem);
        }
    }

    private async Task SendAsync(MimeMessage mail, CancellationToken cancellation)
    {
        using var client = new SmtpClient { Timeout = (int)Patience.TotalMilliseconds };
        await client.ConnectAsync(Smtp.Host!, Smtp.Port, Security(), cancellation);
        if (!string.IsNullOrEmpty(Smtp.UserName)) await client.AuthenticateAsync(Smtp.UserName, Smtp.Password ?? "", cancellation);
        await client.SendAsync(mail, cancellation);
        await client.DisconnectAsync(quit: true, cancellation);
    }

    private SecureSocketOptions Security() => Smtp.Security switch
    {
        SmtpSecurity.None => SecureSocketOptions.None,
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.SslOnConnect,
    };

    private static bool IsOfTheServer(Exception problem) => problem is SocketException or IOException or TimeoutException or OperationCanceledException
        or MailKit.CommandException or MailKit.ProtocolException or AuthenticationException or SslHandshakeException or NotSupportedException;
}
