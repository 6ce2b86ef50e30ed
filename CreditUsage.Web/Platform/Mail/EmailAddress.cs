using System.Text;
using MimeKit;

namespace CreditUsage.Platform.Mail;

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
