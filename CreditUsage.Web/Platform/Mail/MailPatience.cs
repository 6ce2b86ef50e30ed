namespace CreditUsage.Platform.Mail;

/// <summary>How long the mail server is waited for.</summary>
/// <param name="Talk">For connecting, its greeting and its answers up to where it has the mail; longer by what a large mail needs on the way.</param>
/// <param name="Answer">For its answer once it has a delivery: servers that look a mail over first take minutes (RFC 5321, 4.5.3.2.6), and whoever hangs up then sends it twice.</param>
public sealed record MailPatience(TimeSpan Talk, TimeSpan Answer)
{
    public static readonly MailPatience Default = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10));
}
