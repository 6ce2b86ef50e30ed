using System.Globalization;
using System.Net;
using CreditUsage.Tests.Bench;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Pdf;

/// <summary>A disk with room for a part of what a month of 3,000 rows is made into. Where the machine lets nobody but root have a small disk, one that takes nothing at all.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int Rows = 3_000;
    private const int DiskBytes = 32 * 1024 * 1024;
    private const int RoomBytes = 300_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("creditusage-full-").FullName;

    private string Jobs => Path.Combine(_folder, "data", "pdf-jobs");

    private string[] SmallDisk => ["unshare", "--map-root-user", "--mount", "sh", "-c", string.Create(CultureInfo.InvariantCulture, $"mount -t tmpfs -o size={DiskBytes} tmpfs \"$0\" && exec \"$@\""), Jobs];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_the_disk_refuses_is_said_in_words_leaves_nothing_half_made_and_can_be_had_when_there_is_room()
    {
        var data = await BenchData.CreateAsync(Path.Combine(_folder, "data"));
        await data.AddMonthAsync(BenchData.Month, Rows);
        Directory.CreateDirectory(Jobs);
        var small = Sandboxes.Runs(SmallDisk[0], [.. SmallDisk[1..], "true"]);
        await using var site = await SiteProcess.StartAsync(data, new Dictionary<string, string> { ["CreditUsage__Pdf__TimeoutSeconds"] = "600" }, small ? SmallDisk : null);
        // As the site sees it.
        var jobs = $"/proc/{site.Id}/root{Jobs}";
        await HasAsync(site, "/pdf", "/pack");

        var other = Path.Combine(jobs, "other");
        if (small) await File.WriteAllBytesAsync(other, new byte[DiskBytes - RoomBytes]);
        else TakeNothing();
        foreach (var part in new[] { "/pdf", "/pack" }) await RefusedAsync(site, part, small ? "The server's disk is full" : "cannot be created");
        await HasAsync(site, "", "/csv", "/json");
        if (small) Assert.Equal([other], Directory.EnumerateFileSystemEntries(jobs));

        File.Delete(small ? other : Jobs);
        await HasAsync(site, "/pdf", "/pack");
    }

    private void TakeNothing()
    {
        Directory.Delete(Jobs, recursive: true);
        File.Create(Jobs).Dispose();
    }

    private static async Task HasAsync(SiteProcess site, params string[] parts)
    {
        foreach (var part in parts) await site.GetAsync(SiteProcess.ReportPath(part));
    }

    private static async Task RefusedAsync(SiteProcess site, string part, string words)
    {
        var answer = await Assert.ThrowsAsync<InvalidOperationException>(() => site.GetAsync(SiteProcess.ReportPath(part)));
        Assert.Contains(words, WebUtility.HtmlDecode(answer.Message), StringComparison.Ordinal);
    }
}
