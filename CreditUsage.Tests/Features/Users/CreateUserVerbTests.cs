using CreditUsage.Tests.Commands;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Users;

public sealed class CreateUserVerbTests
{
    [Fact]
    public async Task A_user_made_on_the_command_line_is_in_the_audit_without_the_password()
    {
        using var program = new SiteProgram();
        await program.RunAsync("create-subscription", "--name", "Clinic", "--start", "2026-01-01");
        var made = await program.RunProcessAsync(Site.Password, [], "create-user", "--email", "auditor@clinic.example", "--subscription", "1", "--role", "Auditor");
        var refused = await program.RunAsync("create-user", "--email", "auditor@clinic.example", "--subscription", "1", "--role", "Auditor");
        Assert.Equal((0, 1), (made.ExitCode, refused.ExitCode));

        Assert.Equal("the command line|auditor@clinic.example|Created as Auditor", await RawData.DumpAsync(program.PathOf("data"), "SELECT Actor, Subject, Detail FROM AuditEntries"));
    }
}
