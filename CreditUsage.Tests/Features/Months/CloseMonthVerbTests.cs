using CreditUsage.Tests.Commands;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Months;

/// <summary>The verb closes up to a month as the page does.</summary>
public sealed class CloseMonthVerbTests : IDisposable
{
    private readonly SiteProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Up_to_a_month_it_closes_one_after_the_other_and_stops_with_words_at_the_first_that_cannot_be_closed()
    {
        await _program.RunAsync("create-subscription", "--name", "Clinic", "--start", "2026-08-01");
        var csv = _program.PathOf("usage.csv");
        // August states its cost; September has no price yet.
        await File.WriteAllTextAsync(csv, CsvText.Of([CsvRow.Session("A1", "2026-08-03T09:00:00Z", minutes: 25, cost: "2.50"), CsvRow.Session("S1", "2026-09-30T23:59:59Z", minutes: 30)]));
        Assert.Equal(0, (await _program.RunAsync("import", csv, "--subscription", "1")).ExitCode);

        var stopped = await CloseAsync("--up-to", "2026-10", "--note", "For the test");
        Assert.Equal((1, ""), (stopped.ExitCode, stopped.Output));
        var line = Assert.Single(stopped.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("September 2026 was not closed: ", line, StringComparison.Ordinal);
        Assert.EndsWith("1 of 3 months are closed.", line, StringComparison.Ordinal);

        Assert.Equal(0, (await _program.RunAsync("set-price", "--subscription", "1", "--from", "2026-09-01", "--gbp", "0.50")).ExitCode);
        var closed = await CloseAsync("--up-to", "2026-10", "--note", "For the test");
        Assert.Equal((0, ""), (closed.ExitCode, closed.Errors));
        Assert.Equal(["September 2026 is closed, version 1.", "October 2026 is closed, version 1."], closed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(said => said[..(said.IndexOf("1.", StringComparison.Ordinal) + 2)]));

        Assert.Equal((0, "Nothing to do: October 2026 is closed.\n", ""), await CloseAsync("--up-to", "2026-10"));
        Assert.Equal(2, (await CloseAsync()).ExitCode);
        Assert.Equal(2, (await CloseAsync("--up-to", "2026-10", "--month", "2026-10")).ExitCode);
        var early = await CloseAsync("--up-to", "2026-07");
        Assert.Equal((1, true), (early.ExitCode, early.Errors.StartsWith("July 2026 is before your subscription began.", StringComparison.Ordinal)));
    }

    private Task<(int ExitCode, string Output, string Errors)> CloseAsync(params string[] more) => _program.RunAsync(["close-month", "--subscription", "1", .. more]);
}
