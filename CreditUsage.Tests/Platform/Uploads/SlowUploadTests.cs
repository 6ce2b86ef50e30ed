using System.Net.Sockets;
using System.Text;
using CreditUsage.Platform.Uploads;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CreditUsage.Tests.Platform.Uploads;

/// <summary>A file that does not go on arriving.</summary>
public sealed class SlowUploadTests
{
    [Fact]
    public async Task An_upload_that_takes_too_long_is_given_up_in_words()
    {
        await using var site = new Site { ChangeServices = services => services.Replace(ServiceDescriptor.Singleton(new UploadTimeout(TimeSpan.FromSeconds(1.5)))) };
        site.UseKestrel(0);
        site.StartServer();
        using var visitor = new Visitor(site);
        var token = (await visitor.PageAsync("/verify")).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var address = visitor.Http.BaseAddress!;

        string[] request =
        [
            "POST /verify HTTP/1.1", $"Host: {address.Authority}", $"Cookie: {visitor.Cookies.GetCookieHeader(address)}", "Content-Type: multipart/form-data; boundary=b", "Content-Length: 1000000", "",
            "--b", "Content-Disposition: form-data; name=\"__RequestVerificationToken\"", "", token,
            "--b", "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"", "", "%PDF-",
        ];
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", request)));

        using var reader = new StreamReader(connection.GetStream());
        var answer = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("HTTP/1.1 400 Bad Request", answer);
        var rest = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains("The upload took longer than 0.03 minutes and was stopped.", rest, StringComparison.Ordinal);
    }
}
