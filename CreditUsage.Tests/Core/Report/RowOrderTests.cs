using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Report;

public sealed class RowOrderTests(Site site) : IClassFixture<Site>
{
    [Fact]
    public async Task Names_stand_where_a_British_reader_looks_for_them()
    {
        var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        string[] names = ["zoe", "Åsa", "Zoë", "Asb", "asa", "Ünal", "Umar", "Łukasz", "Lucy", "Mary"];
        await site.ImportRowsAsync(clinic, [.. names.Select((name, i) => CsvRow.Session($"E{i}", "2026-10-01T09:30:00Z", client: name))]);

        var filter = new ReportFilter(new UsageMonth(2026, 10), true, true, new UsageSort(UsageColumn.Client, Descending: false));
        var sorted = await site.InAsync(clinic, async services =>
            await (await services.GetRequiredService<ReportQuery>().OpenAsync(filter, CancellationToken.None)).RowsAsync(CancellationToken.None).Select(row => row.Client).ToListAsync());

        Assert.Equal(["asa", "Åsa", "Asb", "Lucy", "Łukasz", "Mary", "Umar", "Ünal", "zoe", "Zoë"], sorted);
    }
}
