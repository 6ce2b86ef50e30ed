using System.Text;
using MailKit;
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
