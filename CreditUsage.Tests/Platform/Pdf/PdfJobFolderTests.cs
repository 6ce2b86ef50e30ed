using System.Diagnostics;
using CreditUsage.Platform.Pdf;

namespace CreditUsage.Tests.Platform.Pdf;

/// <summary>The folders of conversions belong to processes, and go when those are gone.</summary>
public sealed class PdfJobFolderTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("creditusage-jobs-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_folder_is_swept_as_soon_as_its_process_is_gone_and_not_before()
    {
        using var other = Process.Start(new ProcessStartInfo("sleep", "600") { UseShellExecute = false })!;
        try
        {
            var (own, others, reused) = (PdfJobFolder.Create(_data), OfProcess(other.Id, Began(other.Id)), OfProcess(other.Id, "1"));
            await File.WriteAllTextAsync(Path.Combine(others, "in.html"), "a name");

            PdfJobFolder.Sweep(_data);
            Assert.Equal((true, true, false), (Directory.Exists(own.Path), Directory.Exists(others), Directory.Exists(reused)));

            other.Kill();
            await other.WaitForExitAsync();
            PdfJobFolder.Sweep(_data);
            Assert.Equal((true, false), (Directory.Exists(own.Path), Directory.Exists(others)));
            own.Dispose();
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_data, "pdf-jobs")));
        }
        finally
        {
            if (!other.HasExited) other.Kill();
        }
    }

    [Fact]
    public void A_folder_that_names_no_process_is_left_while_it_is_young()
    {
        var jobs = Directory.CreateDirectory(Path.Combine(_data, "pdf-jobs")).FullName;
        var young = Directory.CreateDirectory(Path.Combine(jobs, Guid.NewGuid().ToString("N"))).FullName;
        PdfJobFolder.Sweep(_data);
        Assert.True(Directory.Exists(young));
    }

    private static string Began(int process) => File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].Split(' ')[19];

    private string OfProcess(int id, string began) => Directory.CreateDirectory(Path.Combine(_data, "pdf-jobs", $"{id}-{began}-{Guid.NewGuid():N}")).FullName;
}
