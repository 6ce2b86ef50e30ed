using System.Text;
using MailKit;
using MimeKit;

namespace CreditUsage.Platform.Mail;

/// <summary>A mail to one person.</summary>
/// <param name="To">Checked by whoever took it in.</param>
/// <param name="Text">Plain text.</param>
/// <param name="Files">Attached to it.</param>
public sealed record OutgoingMail(MailboxAddress To, string Subject, string Text, IReadOnlyList<MailFile> Files)
{
    internal int Bytes => Files.Sum(file => file.Content.Length);
}

/// <summary>A file that a mail carries.</summary>
/// <param name="MediaType">Such as "application/pdf".</param>
public sealed record MailFile(string Name, string MediaType, ReadOnlyMemory<byte> Content);

/// <summary>How long the mail server is waited for.</summary>
/// <param name="Talk">For connecting, its greeting and its answers up to where it has the mail; longer by what a large mail needs on the way.</param>
/// <param name="Answer">For its answer once it has a delivery: servers that look a mail over first take minutes (RFC 5321, 4.5.3.2.6), and whoever hangs up then sends it twice.</param>
public sealed record MailTimeout(TimeSpan Talk, TimeSpan Answer)
{
    public static readonly MailTimeout Default = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10));
}

/// <summary>How far a mail has got: from when the last of it is on its way, nobody but the mail server knows whether it was taken.</summary>
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
        // Without the size it is not known how far.
    }
}

/// <summary>What is taken in as an address that mails go to.</summary>
public static class EmailAddress
{
    private const int MaxCharacters = 256;

    /// <summary>Whether a text is one plain address: without a name, a second address or anything that could become a header.</summary>
    public static bool Is(string email)
    {
        ArgumentNullException.ThrowIfNull(email);
        return email.Length <= MaxCharacters && Ascii.IsValid(email) && !email.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            && MailboxAddress.TryParse(email, out var parsed) && parsed.Address == email && parsed.Route.Count == 0
            && email.Split('@') is [{ Length: > 0 }, { Length: > 0 } host] && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
    }
}
