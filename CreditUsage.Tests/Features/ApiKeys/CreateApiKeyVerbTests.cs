using CreditUsage.Tests.Commands;

namespace CreditUsage.Tests.Features.ApiKeys;

/// <summary>The verb prints a key once and nothing else.</summary>
public sealed class CreateApiKeyVerbTests : IDisposable
{
    private readonly SiteProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_key_is_printed_and_what_is_wrong_is_said()
    {
        await _program.RunAsync("create-subscription", "--name", "Clinic", "--start", "2026-01-01");
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

        var made = await RunAsync("Meter", "usage:write", "--expires", $"{day.AddDays(365):yyyy-MM-dd}");
        Assert.Equal((0, ""), (made.ExitCode, made.Errors));
        Assert.Matches("^cu_[a-z0-9]{10}_[A-Za-z0-9_-]{43}\n$", made.Output);

        var taken = await RunAsync("Meter", "reports:read");
        Assert.Equal((1, "", "An active key already has this name. Enter a different name.\n"), taken);
        var late = await RunAsync("Later", "reports:read", "--expires", $"{day.AddDays(366):yyyy-MM-dd}");
        Assert.Equal((1, ""), (late.ExitCode, late.Output));
        Assert.Equal(2, (await RunAsync("Other", "everything")).ExitCode);
        Assert.Equal(2, (await RunAsync("Other", "reports:read", "--expires", "tomorrow")).ExitCode);
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(string name, string scope, params string[] more) =>
        _program.RunAsync(["create-api-key", "--subscription", "1", "--name", name, "--scope", scope, .. more]);
}
