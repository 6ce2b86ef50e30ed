using CreditUsage.Features.SavedReports;
using CreditUsage.Platform.Storage;
using CreditUsage.Tests.Core.Closing;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.SavedReports;

/// <summary>What a killed save left is swept away; what any row names, or a running save has just stored, is not.</summary>
public sealed class SweepReportFilesTests
{
    [Fact]
    public async Task Files_that_no_row_names_go_after_a_day_and_no_other()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        await clinic.CloseAsync(ClosingClinic.August);
        var named = Directory.GetFiles(Root(clinic), "*", SearchOption.AllDirectories);
        Assert.Equal(2, named.Length);
        foreach (var file in named) Age(file);
        var (left, young) = (await AddAsync(clinic, 'a'), await AddAsync(clinic, 'b'));
        Age(left);

        Assert.Equal(1, await SweepAsync(clinic));

        Assert.False(File.Exists(left));
        Assert.All(named.Append(young), file => Assert.True(File.Exists(file)));
        Assert.Equal(0, await SweepAsync(clinic));
    }

    [Fact]
    public async Task A_file_that_a_save_finds_already_there_is_young_again()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        var left = await AddAsync(clinic, 'c');
        Age(left);
        await clinic.InAsync(async services =>
        {
            await services.GetRequiredService<ReportFiles>().StoreAsync(left, Name('c'), ReportFiles.Pdf, CancellationToken.None);
            return true;
        });

        Assert.Equal(0, await SweepAsync(clinic));
        Assert.True(File.Exists(left));
    }

    private static string Name(char digit) => new(digit, 64);

    private static string Root(ClosingClinic clinic) => Path.Combine(clinic.Site.DataPath, "reports");

    private static void Age(string file) => File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-25));

    private static async Task<string> AddAsync(ClosingClinic clinic, char digit)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(Root(clinic), Name(digit)[..2])).FullName, $"{Name(digit)}.pdf");
        await File.WriteAllTextAsync(path, "Half a report");
        return path;
    }

    private static async Task<int> SweepAsync(ClosingClinic clinic)
    {
        await using var scope = clinic.Site.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SweepReportFiles>().RunAsync(CancellationToken.None);
    }
}
