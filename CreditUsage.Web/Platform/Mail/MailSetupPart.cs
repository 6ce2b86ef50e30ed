using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Mail;

public static class MailSetup
{
    public static void AddMail(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<CreditUsageOptions>, MailSettings>();
        services.AddSingleton(MailPatience.Default);
        services.AddSingleton<SendMail>();
    }
}
