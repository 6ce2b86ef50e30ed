using CreditUsage.Platform.Commands;
using CreditUsage.Platform.Mail;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace CreditUsage.Tests.Platform.Mail;

/// <summary>A process that sends one mail as the site does, so that a test can say by its environment which certificates the machine trusts.</summary>
internal static class SendOneMail
{
    public const string Verb = "send-one-mail";

    public static async Task<int> RunAsync(string folder, string port, string security)
    {
        await using var site = await new VerbHost([], Composition.Build).BuildAsync(
            [
                "--applicationName=CreditUsage.Web", $"--CreditUsage:DataPath={folder}", "--CreditUsage:Smtp:Host=127.0.0.1", $"--CreditUsage:Smtp:Port={port}", $"--CreditUsage:Smtp:Security={security}",
                "--CreditUsage:Smtp:From=credits@clinic.example", "--CreditUsage:PublicUrl=https://credits.example", "--Logging:LogLevel:Default=None",
            ], CancellationToken.None);
        var outcome = await site.Services.GetRequiredService<SendMail>().SendOnceAsync(new OutgoingMail(new MailboxAddress("", "a@mail.example"), "Subject", "Text", []), CancellationToken.None);
        Console.Out.WriteLine(outcome.Message);
        return outcome.Taken ? 0 : 1;
    }
}
