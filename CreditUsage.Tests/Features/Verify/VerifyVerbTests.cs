using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Tests.Commands;
using CreditUsage.Tests.Core.Closing;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Verify;

/// <summary>The verb says what the page says, and an alteration by its exit code too.</summary>
public sealed class VerifyVerbTests : IDisposable
{
    private readonly SiteProgram _program = new();

    [Fact]
    public async Task It_tells_a_saved_report_from_an_altered_one()
    {
        await using var clinic = await ClosingClinic.OpenAsync(new Site().With("CreditUsage:DataPath", _program.PathOf("data")));
        var saved = await clinic.InAsync(services => services.GetRequiredService<SaveReport>().RunAsync(
            new(new ReportFilter(ClosingClinic.August, true, true, UsageSort.Default)), "test", rowsDone: null, CancellationToken.None));
        var copy = _program.PathOf("copy.pdf");
        File.Copy(Path.Combine(_program.PathOf("data"), "reports", saved.Sha256[..2], saved.Sha256 + ".pdf"), copy);

        var (code, output, errors) = await _program.RunAsync("verify", copy);
        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith($"Genuine and current, as a draft. This is Report {saved.Number}, draft 1, August 2026, of Closing Clinic", output, StringComparison.Ordinal);

        await File.AppendAllTextAsync(copy, "x");
        (code, output, _) = await _program.RunAsync("verify", copy);
        Assert.Equal(1, code);
        Assert.StartsWith("Altered.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_said_to_be_missing()
    {
        var (code, output, errors) = await _program.RunAsync("verify", _program.PathOf("nothing.pdf"));
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("cannot be read", errors, StringComparison.Ordinal);
    }

    public void Dispose() => _program.Dispose();
}
