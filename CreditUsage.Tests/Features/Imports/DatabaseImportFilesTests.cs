using CreditUsage.Core.Intake;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Imports;

/// <summary>Uploads, their faults and their notes in the database, on either engine.</summary>
public sealed class DatabaseImportFilesTests : IAsyncLifetime
{
    private const string Email = "finance@uploads.example";

    /// <summary>More than two parts of 256 KiB.</summary>
    private const int ManyRows = 10_000;

    private readonly Site _site = new Site().With("CreditUsage:Reports:Store", "Database");
    private int _id;
    private ImportClinic _clinic = null!;

    public async Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        _id = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        await _site.UserAsync(_id, Email, Roles.FinanceAdministrator);
        _clinic = new ImportClinic(_site, _id, Email, await Visitor.SignedInAsync(_site, Email));
    }

    public async Task DisposeAsync()
    {
        _clinic.Dispose();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task A_file_of_several_parts_is_checked_and_imported_and_none_of_it_lies_in_the_folder()
    {
        var text = CsvText.Of([.. Enumerable.Range(0, ManyRows).Select(number => CsvRow.Session($"E{number:00000}", "2026-10-01T09:30:00Z"))]);
        var seen = await _clinic.CheckedAsync(text);
        Assert.Equal((UsageImportState.Checked, ManyRows, 0), (seen.State, seen.Accepted, seen.ErrorCount));
        Assert.InRange(await PartsAsync(seen.Id, ImportFileKind.Upload), 3, 10);

        Assert.Equal(UsageImportState.Stored, (await _clinic.StoreAsync(seen.Id)).State);

        Assert.Equal(ManyRows, (await _clinic.EventIdsAsync()).Count);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_site.DataPath, "imports")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_site.DataPath, "scratch")));
    }

    [Fact]
    public async Task Faults_are_listed_and_stay_when_the_file_is_discarded()
    {
        var seen = await _clinic.CheckedAsync(CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z"), "nonsense"));
        Assert.Equal((1, 1), (seen.ErrorCount, await PartsAsync(seen.Id, ImportFileKind.Faults)));
        using (var discarded = await _clinic.Visitor.PostAsync($"/imports/{seen.Id}", $"/imports/{seen.Id}/discard")) Assert.Equal(System.Net.HttpStatusCode.Redirect, discarded.StatusCode);

        Assert.Equal(0, await PartsAsync(seen.Id, ImportFileKind.Upload));
        var list = await _clinic.Visitor.Http.GetStringAsync(new Uri($"/imports/{seen.Id}/faults.csv", UriKind.Relative));
        Assert.Equal(2, list.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task The_same_file_of_two_imports_is_not_discarded_with_one_of_them()
    {
        var text = CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z"));
        var (first, second) = (await _clinic.CheckedAsync(text), await _clinic.CheckedAsync(text));
        (await _clinic.Visitor.PostAsync($"/imports/{first.Id}", $"/imports/{first.Id}/discard")).Dispose();

        Assert.Equal(UsageImportState.Stored, (await _clinic.StoreAsync(second.Id)).State);
    }

    [Fact]
    public async Task What_lay_in_the_folder_before_the_setting_changed_is_still_read()
    {
        var seen = await _clinic.CheckedAsync(CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z")));
        await _clinic.InAsync(async db =>
        {
            var part = await db.ImportFileParts.SingleAsync(part => part.Kind == ImportFileKind.Upload);
            await File.WriteAllBytesAsync(Path.Combine(_site.DataPath, "imports", $"{seen.Id:N}.csv"), part.Content);
            return await db.ImportFileParts.Where(part => part.Kind == ImportFileKind.Upload).ExecuteDeleteAsync();
        });

        Assert.Equal(UsageImportState.Stored, (await _clinic.StoreAsync(seen.Id)).State);
    }

    [Fact]
    public async Task A_missing_upload_is_said_in_words()
    {
        var seen = await _clinic.CheckedAsync(CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z")));
        await _clinic.InAsync(db => db.ImportFileParts.ExecuteDeleteAsync());

        var back = await _clinic.StoreAsync(seen.Id);

        Assert.Equal((UsageImportState.Refused, "The uploaded file is missing. Upload it again."), (back.State, back.Problem));
    }

    [Fact]
    public async Task Of_uploads_without_an_import_those_are_swept_that_nobody_is_sending_any_more()
    {
        var kept = await _clinic.CheckedAsync(CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z")));
        var (left, coming) = (await LeaveAsync(_site.Clock.GetUtcNow().AddHours(-3)), await LeaveAsync(_site.Clock.GetUtcNow().AddMinutes(-5)));

        await SweepAsync(_site.Clock.GetUtcNow());

        Assert.Equal((1, 0, 1), (await PartsAsync(kept.Id, ImportFileKind.Upload), await PartsAsync(left, ImportFileKind.Upload), await PartsAsync(coming, ImportFileKind.Upload)));
    }

    private async Task<Guid> LeaveAsync(DateTimeOffset begun)
    {
        var id = Guid.CreateVersion7(begun);
        await _site.InAsync(_id, async services =>
        {
            var files = services.GetRequiredService<ImportFiles>();
            await using (var file = files.Receive(id, ImportFileKind.Upload)) await file.WriteAsync("left"u8.ToArray());
            await files.KeepAsync(id, ImportFileKind.Upload, CancellationToken.None);
            return true;
        });
        return id;
    }

    private Task<bool> SweepAsync(DateTimeOffset now) => _site.InAsync(_id, async services =>
    {
        await services.GetRequiredService<ImportFiles>().SweepAsync(now, CancellationToken.None);
        return true;
    });

    private Task<int> PartsAsync(Guid import, ImportFileKind kind) => _clinic.InAsync(db => db.ImportFileParts.CountAsync(part => part.ImportId == import && part.Kind == kind));
}
