using System.Net.Sockets;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace CreditUsage.Platform.Mail;

public sealed record OutgoingMail(MailboxAddress To, string Subject, string Text, IReadOnlyList<MailFile> Files)
{
    internal int Bytes => Files.Sum(file => file.Content.Length);
}

public sealed record MailFile(string Name, string MediaType, ReadOnlyMemory<byte> Content);

/// <param name="Talk">For connecting, the greeting and the answers until the server has the mail; longer for a large mail.</param>
/// <param name="Answer">For the last answer: servers that scan a mail take minutes (RFC 5321, 4.5.3.2.6), and whoever hangs up then sends it twice.</param>
public sealed record MailTimeout(TimeSpan Talk, TimeSpan Answer)
{
    public static readonly MailTimeout Default = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10));
}

/// <summary>Once the last of the mail is on its way, only the mail server knows whether it was accepted.</summary>
internal sealed class SendProgress(Action gone) : ITransferProgress
{
    public bool IsWhollySent { get; private set; }

    public void Report(long bytesTransferred, long totalSize)
    {
        if (IsWhollySent || bytesTransferred < totalSize) return;
        IsWhollySent = true;
        gone();
    }

    public void Report(long bytesTransferred)
    {
        // Without the size, the progress is unknown.
    }
}

public static class EmailAddress
{
    private const int MaxCharacters = 256;

    /// <summary>Accepts one plain address, without a name, a second address or anything that could become a header.</summary>
    public static bool Is(string email)
    {
        ArgumentNullException.ThrowIfNull(email);
        return email.Length <= MaxCharacters && Ascii.IsValid(email) && !email.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            && MailboxAddress.TryParse(email, out var parsed) && parsed.Address == email && parsed.Route.Count == 0
            && email.Split('@') is [{ Length: > 0 }, { Length: > 0 } host] && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
    }
}

/// <param name="ForGood">Not to be retried automatically: the mail server refuses this recipient for good, or it may have the mail.</param>
/// <param name="Message">The mail server's answer, or what went wrong: a line of at most <see cref="MaxCharacters"/>.</param>
public sealed record MailOutcome(bool Taken, bool ForGood, string Message)
{
    public const int MaxCharacters = 1000;

    private const int FirstPermanent = 500;

    /// <summary>Where false, the mail may still arrive.</summary>
    public bool Known { get; init; } = true;

    internal static MailOutcome Accepted(string answer) => new(true, false, Line($"Taken: {answer}"));

    /// <summary>For a failure before the mail server was contacted.</summary>
    public static MailOutcome Failed(string problem) => new(false, false, Line(problem));

    internal static MailOutcome Of(Exception problem, bool gone) => gone && problem is not CommandException
        ? new(false, true, "The mail server did not confirm the mail, so it may not have arrived. Ask the recipient, and send it again if it did not.") { Known = false }
        : Of(problem);

    private static MailOutcome Of(Exception problem) => problem switch
    {
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } refused when (int)refused.StatusCode >= FirstPermanent =>
            new(false, true, Line($"The mail server refuses the address: {Words(refused)}")),
        SmtpCommandException refused => Failed($"The mail server refused the mail: {Words(refused)}"),
        CommandException or ProtocolException => Failed($"The mail server refused the mail: {problem.Message}"),
        AuthenticationException => Failed("The mail server refused the user name or password."),
        SslHandshakeException => Failed("The connection to the mail server is not secure. Its certificate may not be trusted."),
        NotSupportedException => Failed("The mail server does not offer a secure connection."),
        SocketException => Failed($"The mail server could not be reached: {problem.Message}."),
        TimeoutException or OperationCanceledException => Failed("The mail server did not answer in time."),
        _ => Failed($"The connection to the mail server broke: {problem.Message}"),
    };

    internal static bool IsOfTheServer(Exception problem) => problem is SocketException or IOException or TimeoutException or OperationCanceledException
        or CommandException or ProtocolException or AuthenticationException or SslHandshakeException or NotSupportedException;

    private static string Words(SmtpCommandException refused) => $"{(int)refused.StatusCode} {refused.Message}";

    private static string Line(string text)
    {
        var line = string.Join(' ', new string([.. text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxCharacters ? line : line[..MaxCharacters];
    }
}
