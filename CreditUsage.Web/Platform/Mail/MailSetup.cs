using Microsoft.Extensions.Options;
using MimeKit;

namespace CreditUsage.Platform.Mail;

/// <summary>Refuses incomplete settings, which would otherwise show only when the first mail is due.</summary>
internal sealed class MailOptionsValidator : IValidateOptions<CreditUsageOptions>
{
    public ValidateOptionsResult Validate(string? name, CreditUsageOptions options)
    {
        if (string.IsNullOrEmpty(options.Smtp.Host)) return ValidateOptionsResult.Success;
        if (!MailboxAddress.TryParse(options.Smtp.From, out _))
            return ValidateOptionsResult.Fail("CreditUsage:Smtp:From must be the sender's address, since CreditUsage:Smtp:Host is set.");
        if (options.PublicUrl is null)
            return ValidateOptionsResult.Fail("CreditUsage:PublicUrl must be set, since CreditUsage:Smtp:Host is: mails link to it.");
        return ValidateOptionsResult.Success;
    }
}

public static class MailSetup
{
    public static void AddMail(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<CreditUsageOptions>, MailOptionsValidator>();
        services.AddSingleton(MailTimeout.Default);
        services.AddSingleton<SendMail>();
    }
}
