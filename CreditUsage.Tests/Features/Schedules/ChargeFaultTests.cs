using System.Data.Common;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using static CreditUsage.Tests.Features.Schedules.ChargedSite;

namespace CreditUsage.Tests.Features.Schedules;

/// <summary>A charge that breaks off, at whatever it was doing, is made good by the next and doubles nothing.</summary>
public sealed class ChargeFaultTests
{
    [Fact]
    public async Task A_charge_that_breaks_off_at_any_command_loses_and_doubles_nothing()
    {
        var breaks = new BreaksAtCommand();
        await using var site = new Site { ChangeServices = breaks.AddTo };
        var brokenOff = 0;
        for (var at = 1; brokenOff == at - 1; at++)
        {
            var clinic = await site.ClinicAsync();
            await site.ScheduleAsync(clinic, Schedule("1306158990", "2026-10-30", "2026-11-30"));
            await site.ChargingAsync(clinic, StartsOn);

            breaks.At = at;
            try
            {
                await site.ChargeAsync(clinic);
            }
            catch (Exception problem) when (problem.GetBaseException() is IOException)
            {
                brokenOff++;
            }
            breaks.At = null;

            await site.ChargeAsync(clinic);
            var charged = await site.TopUpsAsync(clinic);
            Assert.Equal(23, charged.Count); // 30 and 31 October, 1 to 21 November
            Assert.Equal(23, charged.Select(usage => usage.ServiceDate).Distinct().Count());
            Assert.Equal(["2 daily top-ups", "21 daily top-ups"], (await site.AuditAsync(clinic)).Where(entry => entry.StartsWith("Charge", StringComparison.Ordinal)).Select(entry => entry.Split(" | ")[2].Split(" charged")[0]));
        }
        Assert.InRange(brokenOff, 20, 200);
    }

    /// <summary>Fails the command of that number, counted from when it was set.</summary>
    private sealed class BreaksAtCommand : DbCommandInterceptor
    {
        private readonly AsyncLocal<int[]?> _left = new();

        public int? At
        {
            set => _left.Value = value is { } at ? [at] : null;
        }

        public void AddTo(IServiceCollection services) => TestDatabase.AddInterceptor(services, this);

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Count();
            return new(result);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Count();
            return new(result);
        }

        /// <summary>Only what the test itself runs: the site's own jobs have another context.</summary>
        private void Count()
        {
            if (_left.Value is { } left && --left[0] == 0) throw new IOException("The disk is gone.");
        }
    }
}
