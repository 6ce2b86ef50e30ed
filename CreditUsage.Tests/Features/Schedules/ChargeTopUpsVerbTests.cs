using CreditUsage.Tests.Commands;
using static CreditUsage.Tests.Features.Schedules.ChargedSite;

namespace CreditUsage.Tests.Features.Schedules;

/// <summary>The verb, on the folder of a site that was prepared beside it.</summary>
public sealed class ChargeTopUpsVerbTests : IDisposable
{
    private readonly SiteProgram _program = new();

    [Fact]
    public async Task It_charges_every_day_that_is_over_once_and_says_how_many()
    {
        await using var site = new Site().With("CreditUsage:DataPath", _program.PathOf("data"));
        var clinic = await site.ClinicAsync();
        // Long over by any clock that this program may find.
        await site.ScheduleAsync(clinic, Schedule("1306158990", "2024-02-27", "2024-03-01"));
        await site.ChargingAsync(clinic, StartsOn);

        Assert.Equal((0, "4 charged\n", ""), await _program.RunAsync("charge-top-ups", "--subscription", $"{clinic}"));
        Assert.Equal((0, "0 charged\n", ""), await _program.RunAsync("charge-top-ups"));
        Assert.Equal(["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01"], await site.DaysAsync(clinic));
    }

    [Fact]
    public async Task An_unknown_subscription_is_said_to_be_one()
    {
        var (code, output, errors) = await _program.RunAsync("charge-top-ups", "--subscription", "99");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("There is no subscription 99", errors, StringComparison.Ordinal);
    }

    public void Dispose() => _program.Dispose();
}
