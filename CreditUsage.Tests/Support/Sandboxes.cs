using System.Diagnostics;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CreditUsage.Tests.Support;

/// <summary>The sandboxes that PDFs can be made in. Which of them work depends on the machine; a test of one that does not runs in the next weaker.</summary>
public static class Sandboxes
{
    public const string Minimum = "CreditUsage:Pdf:MinimumSandbox";

    public static IReadOnlyList<PdfSandbox> All { get; } = [PdfSandbox.Bubblewrap, PdfSandbox.Namespace, PdfSandbox.None];

    public static TheoryData<PdfSandbox> Each => [.. All];

    /// <summary>Keeps a site from anything stronger.</summary>
    public static Action<IServiceCollection> AtMost(PdfSandbox sandbox) =>
        services => services.Replace(ServiceDescriptor.Singleton(new PdfSandboxes([.. PdfSandboxes.All.Tried.Where(tried => tried <= sandbox)])));

    /// <summary>A site that goes no further than one sandbox, and is told that it may do without.</summary>
    public static Site SiteAtMost(PdfSandbox sandbox, Action<IServiceCollection>? change = null) => new Site
    {
        ChangeServices = services =>
        {
            AtMost(sandbox)(services);
            change?.Invoke(services);
        },
    }.With(Minimum, nameof(PdfSandbox.None));

    /// <summary>The strongest up to one that works on this machine, found without the site's help.</summary>
    public static PdfSandbox Strongest(PdfSandbox upTo) => All.First(sandbox => sandbox <= upTo && Works(sandbox));

    /// <summary>Whether a program is there and ends well.</summary>
    public static bool Runs(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static bool Works(PdfSandbox sandbox) => sandbox switch
    {
        PdfSandbox.Bubblewrap => Runs("bwrap", "--unshare-all", "--cap-drop", "ALL", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "true"),
        PdfSandbox.Namespace => Runs("unshare", "-rn", "--ipc", "--uts", "--pid", "--fork", "--kill-child", "true"),
        _ => true,
    };
}
