using CreditUsage.Platform.Mail;
using MimeKit;

namespace CreditUsage.Features.Deliveries;

/// <summary>What everybody is sent of a version of a month.</summary>
public sealed record Letter(string Subject, string Text, IReadOnlyList<MailFile> Files)
{
    /// <param name="name">Of the person, checked when they were added.</param>
    /// <param name="email">As well.</param>
    public OutgoingMail To(string name, string email) => new(new MailboxAddress(name, email), Subject, Text, Files);
}
