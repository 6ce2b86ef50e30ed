using System.Text;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Imports;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Support;

/// <summary>Import files that tests write themselves, byte for byte.</summary>
public static class CsvText
{
    public static string Header => string.Join(',', UsageInput.Fields);

    public static string Of(params string[] rows) => string.Join("\r\n", rows.Prepend(Header));

    public static Task<ImportResult> ImportTextAsync(this Site site, int subscription, string text, bool dryRun = false) =>
        site.ImportAsync(subscription, new MemoryStream(Encoding.UTF8.GetBytes(text)), dryRun);

    public static Task<ImportResult> ImportAsync(this Site site, int subscription, byte[] bytes) => site.ImportAsync(subscription, new MemoryStream(bytes));

    public static Task<ImportResult> ImportAsync(this Site site, int subscription, Stream stream, bool dryRun = false, CancellationToken cancellation = default) =>
        site.InAsync(subscription, services => services.GetRequiredService<ImportUsage>().RunAsync(stream, "", mapping: null, dryRun, cancellation));
}
