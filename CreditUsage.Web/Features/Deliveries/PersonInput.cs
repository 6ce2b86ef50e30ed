using CreditUsage.Core;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Mail;

namespace CreditUsage.Features.Deliveries;

/// <summary>The form of somebody who is to get closed months, as it was left.</summary>
public sealed record PersonInput(string? Name, string? Email)
{
    /// <summary>The name and the address as they are kept; or what is wrong. Neither can carry a header of a mail, nor more than one address.</summary>
    public Problem? TryRead(out string name, out string email)
    {
        email = (Email ?? "").Trim(' ').ToLowerInvariant();
        // A name's white space is made into spaces, so a line that was broken to begin a header must be refused before.
        if (!RecordedName.TryNormalise(Name ?? "", out name, out var fault)) return new("Name", $"The name {fault}.");
        if ((Name ?? "").Any(char.IsControl)) return new("Name", "The name must be one line without control characters. Write it again.");
        if (name.Length == 0) return new("Name", "Enter the name of the person.");
        return OneAddress.Is(email) ? null : new("Email", "Enter one e-mail address such as name@clinic.example.");
    }
}
