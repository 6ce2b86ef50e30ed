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
