using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CreditUsage.Tests.Support;

/// <summary>A real nginx in front of a site: https on a loopback port, the site below /credits.</summary>
public sealed class Nginx : IAsyncDisposable
{
    public const string Path = "/credits";

    private readonly string _folder = Directory.CreateTempSubdirectory("creditusage-nginx-").FullName;
    private readonly string _certificateHash;
    private Process? _process;

    public Nginx()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _certificateHash = certificate.GetCertHashString();
        System.IO.File.WriteAllText(File("certificate.pem"), certificate.ExportCertificatePem());
        System.IO.File.WriteAllText(File("key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>https://127.0.0.1:N, known before it starts, so that the site can be told.</summary>
    public Uri Address { get; } = new($"https://127.0.0.1:{FreePort()}");

    /// <param name="cutsOff">Whether it takes the path off and says so in X-Forwarded-Prefix, or passes it through and says nothing.</param>
    public async Task StartAsync(Uri site, bool cutsOff)
    {
        ArgumentNullException.ThrowIfNull(site);
        await System.IO.File.WriteAllTextAsync(File("nginx.conf"), Configuration(site, cutsOff));
        var start = new ProcessStartInfo(Program()) { UseShellExecute = false, RedirectStandardError = true };
        foreach (var word in new[] { "-p", _folder, "-c", File("nginx.conf"), "-e", File("error.log") }) start.ArgumentList.Add(word);
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        await Wait.UntilAsync(async () =>
        {
            Assert.False(_process.HasExited, System.IO.File.Exists(File("error.log")) ? await System.IO.File.ReadAllTextAsync(File("error.log")) : "nginx ended.");
            return await ListensAsync();
        });
    }

    public Visitor Visitor() => new(Address, _certificateHash);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) _process.Kill(entireProcessTree: true);
        if (_process is not null) await _process.WaitForExitAsync();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>One process, which ends with this one.</summary>
    private string Configuration(Uri site, bool cutsOff) => $$"""
        daemon off;
        master_process off;
        pid {{File("pid")}};
        events {}
        http {
          access_log off;
          client_body_temp_path {{File("body")}};
          proxy_temp_path {{File("proxy")}};
          fastcgi_temp_path {{File("fastcgi")}};
          uwsgi_temp_path {{File("uwsgi")}};
          scgi_temp_path {{File("scgi")}};
          server {
            listen 127.0.0.1:{{Address.Port.ToString(CultureInfo.InvariantCulture)}} ssl;
            ssl_certificate {{File("certificate.pem")}};
            ssl_certificate_key {{File("key.pem")}};
            location {{Path}}/ {
              proxy_pass {{site.GetLeftPart(UriPartial.Authority)}}{{(cutsOff ? "/" : "")}};
              proxy_set_header Host $host;
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header X-Forwarded-Proto $scheme;
              {{(cutsOff ? $"proxy_set_header X-Forwarded-Prefix {Path};" : "")}}
            }
          }
        }
        """;

    private string File(string name) => System.IO.Path.Combine(_folder, name);

    private async Task<bool> ListensAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Program() => new[] { "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx" }.FirstOrDefault(System.IO.File.Exists) ?? "nginx";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
