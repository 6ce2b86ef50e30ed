using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Mail;

/// <summary>Mail over TLS, to a server whose certificate the machine trusts or does not.</summary>
public sealed class MailOverTlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("creditusage-tls-").FullName;
    private readonly X509Certificate2 _certificate = SelfMade();

    public void Dispose()
    {
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("StartTls")]
    [InlineData("Tls")]
    public async Task A_mail_goes_over_TLS_to_a_server_that_the_machine_trusts_and_to_no_other(string security)
    {
        await using var server = new SmtpServer { Certificate = _certificate, TlsAtOnce = security == "Tls" };

        var (exitCode, said) = await SendAsync(server.Port, security, trusted: false);
        Assert.Equal((1, "The connection to the mail server is not secure. Its certificate may not be trusted."), (exitCode, said));
        Assert.Empty(server.Mails);

        (exitCode, said) = await SendAsync(server.Port, security, trusted: true);
        Assert.Equal((0, "Taken: OK"), (exitCode, said));
        Assert.Equal((1, 1), (server.Mails.Count, server.Encrypted));
    }

    private async Task<(int ExitCode, string Message)> SendAsync(int port, string security, bool trusted)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SendOneMail).Assembly.Location, SendOneMail.Verb, _folder, $"{port}", security]) { UseShellExecute = false, RedirectStandardOutput = true };
        var roots = Path.Combine(_folder, trusted ? "roots.pem" : "none.pem");
        await File.WriteAllTextAsync(roots, trusted ? _certificate.ExportCertificatePem() : "");
        (start.Environment["SSL_CERT_FILE"], start.Environment["SSL_CERT_DIR"]) = (roots, Path.Combine(_folder, "no-roots"));
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said.Trim());
    }

    private static X509Certificate2 SelfMade()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=loopback", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
