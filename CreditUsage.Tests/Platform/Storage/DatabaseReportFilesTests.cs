using System.Security.Cryptography;
using CreditUsage.Core.Integrity;
using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using CreditUsage.Features.SavedReports;
using CreditUsage.Platform;
using CreditUsage.Platform.Storage;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Storage;

/// <summary>Saved PDFs and the rows of closed months in the database, on either engine.</summary>
public sealed class DatabaseReportFilesTests : IAsyncLifetime
{
    private ClosingClinic _clinic = null!;

    public async Task InitializeAsync() => _clinic = await ClosingClinic.OpenAsync(new Site { ChangeServices = QuickEngine.AddTo }.With("CreditUsage:Reports:Store", "Database"));

    public Task DisposeAsync() => _clinic.DisposeAsync().AsTask();

    [Fact]
    public async Task A_closed_months_files_are_in_the_database_alone_and_everything_holds()
    {
        var closing = await _clinic.CloseAsync(ClosingClinic.August);

        Assert.False(Directory.Exists(Path.Combine(_clinic.Site.DataPath, "reports")));
        Assert.Equal([("json", closing.RowsSha256), ("pdf", closing.PdfSha256)], (await StoredAsync()).Select(file => (file.Extension, file.Sha256)));
        using var finance = await Visitor.SignedInAsync(_clinic.Site, ClosingClinic.Finance);
        using var pdf = await finance.GetAsync($"/saved-reports/{closing.SavedReportId}");
        Assert.Equal(closing.PdfSha256, Sha256(await pdf.Content.ReadAsByteArrayAsync()));
        using var rows = await finance.GetAsync("/months/2026-08/rows/1");
        Assert.Equal(closing.RowsSha256, Sha256(await rows.Content.ReadAsByteArrayAsync()));
        Assert.Empty(await ProblemsAsync());
        // What was read for the answers is gone.
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_clinic.Site.DataPath, "scratch")));
    }

    [Fact]
    public async Task A_site_with_a_data_folder_of_its_own_has_the_same_files()
    {
        var closing = await _clinic.CloseAsync(ClosingClinic.August);
        await using var other = Other();

        using var finance = await Visitor.SignedInAsync(other, ClosingClinic.Finance);
        using var pdf = await finance.GetAsync($"/saved-reports/{closing.SavedReportId}");

        Assert.Equal(closing.PdfSha256, Sha256(await pdf.Content.ReadAsByteArrayAsync()));
    }

    [Theory]
    [InlineData("UPDATE StoredFileParts SET Content = $other WHERE Extension = 'pdf'", "has changed since it was saved")]
    [InlineData("DELETE FROM StoredFileParts WHERE Extension = 'pdf'", "has changed since it was saved")]
    [InlineData("DELETE FROM StoredFiles WHERE Extension = 'pdf'", "is missing")]
    public async Task A_file_that_is_not_what_was_stored_is_refused_in_words(string change, string said)
    {
        var closing = await _clinic.CloseAsync(ClosingClinic.August);
        if (change.StartsWith("DELETE FROM StoredFiles ", StringComparison.Ordinal)) await RawData.RunAsync(_clinic.Site.DataPath, "DELETE FROM StoredFileParts WHERE Extension = 'pdf'");
        await RawData.RunAsync(_clinic.Site.DataPath, change.Replace("$other", TestDatabase.IsOnServer ? @"'\x00'" : "x'00'", StringComparison.Ordinal));

        var thrown = await Assert.ThrowsAsync<UserFacingException>(() => OpenAsync(closing.PdfSha256));

        Assert.Contains(said, thrown.Message, StringComparison.Ordinal);
        Assert.Single(await ProblemsAsync());
    }

    [Fact]
    public async Task A_file_goes_with_the_transaction_that_brought_it()
    {
        var (path, sha256) = await FileAsync(10);
        await _clinic.InAsync(async services =>
        {
            await using (await services.GetRequiredService<CreditUsageDb>().BeginWriteAsync(CancellationToken.None))
                await services.GetRequiredService<ReportFiles>().StoreAsync(path, sha256, ReportFiles.Pdf, CancellationToken.None);
            return true;
        });
        Assert.Empty(await StoredAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256 * 1024)]
    [InlineData((256 * 1024) + 1)]
    [InlineData(1_000_000)]
    public async Task Every_length_comes_back_byte_for_byte_and_the_same_again_is_stored_once(int length)
    {
        var (path, sha256) = await FileAsync(length);
        await StoreAsync(path, sha256);
        await StoreAsync(path, sha256);

        await using var read = await OpenAsync(sha256);

        Assert.Equal(sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(read)));
        Assert.Equal(length, Assert.Single(await StoredAsync()).SizeBytes);
    }

    [Fact]
    public async Task What_was_in_the_folder_before_is_still_read_and_what_nothing_names_is_swept()
    {
        var (path, sha256) = await FileAsync(10);
        await _clinic.InAsync(async services =>
        {
            await services.GetRequiredService<FolderReportFiles>().StoreAsync(path, sha256, ReportFiles.Pdf, CancellationToken.None);
            return true;
        });
        await using (var read = await OpenAsync(sha256)) Assert.Equal(10, read.Length);

        var (left, leftSha256) = await FileAsync(20);
        await StoreAsync(left, leftSha256);
        Assert.Equal(0, await SweepAsync());
        await RawData.RunAsync(_clinic.Site.DataPath, "UPDATE StoredFiles SET StoredAt = 1");
        // The site's own sweep may have come first.
        await SweepAsync();
        Assert.Empty(await StoredAsync());
    }

    private Site Other()
    {
        var other = new Site(prepared: false) { ChangeServices = QuickEngine.AddTo }.With("CreditUsage:Reports:Store", "Database").With("CreditUsage:Keys:Path", Path.Combine(_clinic.Site.DataPath, "keys"));
        // The same database, and a folder of its own for everything else.
        foreach (var (key, value) in TestDatabase.IsOnServer ? TestDatabase.SettingsOf(_clinic.Site.DataPath).Where(setting => setting.Key.StartsWith("Connection", StringComparison.Ordinal))
            : [("ConnectionStrings:CreditUsage", $"Data Source={Path.Combine(_clinic.Site.DataPath, TestDatabase.File)}")]) other.With(key, value);
        other.UseKestrel(0);
        other.StartServer();
        return other;
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async Task<(string Path, string Sha256)> FileAsync(int length)
    {
        var (path, bytes) = (Path.Combine(_clinic.Site.DataPath, $"{Guid.NewGuid():N}.part"), RandomNumberGenerator.GetBytes(length));
        await File.WriteAllBytesAsync(path, bytes);
        return (path, Sha256(bytes));
    }

    private Task<bool> StoreAsync(string path, string sha256) => _clinic.InAsync(async services =>
    {
        await services.GetRequiredService<ReportFiles>().StoreAsync(path, sha256, ReportFiles.Pdf, CancellationToken.None);
        return true;
    });

    private Task<Stream> OpenAsync(string sha256) => _clinic.InAsync(services => services.GetRequiredService<ReportFiles>().OpenAsync(sha256, CancellationToken.None));

    private Task<List<StoredFile>> StoredAsync() => _clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().StoredFiles.OrderBy(file => file.Extension).ToListAsync());

    private Task<int> SweepAsync() => _clinic.InAsync(services => services.GetRequiredService<SweepReportFiles>().RunAsync(CancellationToken.None));

    private Task<List<string>> ProblemsAsync() => _clinic.InAsync(async services =>
    {
        var problems = new List<string>();
        await foreach (var verified in services.GetRequiredService<VerifyData>().RunAsync(CancellationToken.None))
            if (verified.Problem is { } problem) problems.Add(problem);
        return problems;
    });
}
