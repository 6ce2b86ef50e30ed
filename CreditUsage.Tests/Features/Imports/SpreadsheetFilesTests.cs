using System.Diagnostics;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Imports;

/// <summary>Files that a real spreadsheet program has saved, imported to the penny.</summary>
public sealed class SpreadsheetFilesTests(Site site) : IClassFixture<Site>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("creditusage-spreadsheet-");

    public void Dispose() => _folder.Delete(recursive: true);

    // What the program's filter wants: the separator, the quote, the character set, and the first line, by their codes.
    private const string Utf8 = "76", Windows1252 = "1", Utf16 = "65535";

    private static readonly string Own = string.Join("\r\n",
        "Ref,Type,When,Therapist no,Therapist,Client no,Client,Programme,Card,Note,Minutes,Credits,Cost",
        "A1,Session,2026-10-01 09:30:00,S1,Zoë Ødegård,C1,Ann O’Neil,\"Trauma, and PTSD\",,,25,5,9.45",
        "A2,Top-up,2026-10-02,S1,Zoë Ødegård,,,Sleep,0123456789,\"Front \"\"desk\"\" £5\",,1,1.89",
        "A3,Session,2026-10-13 23:59:59,S2,Bob,C2,Second; Client,Sleep,,,1440,288,1544.32");

    [Fact]
    public async Task Every_dialect_of_CSV_and_the_workbook_itself_are_understood_alike()
    {
        var csv = Path.Combine(_folder.FullName, "own.csv");
        await File.WriteAllTextAsync(csv, Own);
        await ConvertAsync(csv, "xlsx", "--infilter=CSV:44,34,76,1");
        var workbook = Path.Combine(_folder.FullName, "own.xlsx");
        var dialects = new List<(string File, string Named)> { (workbook, "an Excel workbook") };
        foreach (var (separator, name) in new[] { ("44", "commas"), ("59", "semicolons"), ("9", "tabs") })
        {
            foreach (var (set, encoding) in new[] { (Utf8, "UTF-8"), (Windows1252, "Windows-1252"), (Utf16, "UTF-16") })
            {
                var copy = Path.Combine(_folder.FullName, $"{encoding} {name}.xlsx");
                File.Copy(workbook, copy);
                await ConvertAsync(copy, $"csv:Text - txt - csv (StarCalc):{separator},34,{set},1");
                dialects.Add((Path.ChangeExtension(copy, ".csv"), $"{encoding}, separated by {name}"));
            }
        }

        foreach (var (file, named) in dialects)
        {
            var clinic = await site.SubscriptionAsync(named, new DateOnly(2026, 1, 1));
            await using var content = File.OpenRead(file);
            var result = await site.InAsync(clinic, async services => await services.GetRequiredService<ImportUsage>().RunAsync(content, file, Mapping, dryRun: false, CancellationToken.None));
            Assert.Equal((named, 3, 0, true), (named, result.Accepted, result.ErrorCount, result.Stored));
            if (named != "UTF-8, separated by commas") Assert.Contains(result.Notes, note => note.StartsWith($"The file was read as {named}.", StringComparison.Ordinal));
            Assert.Contains(result.Notes, note => note.EndsWith("123456789 is 0123456789.", StringComparison.Ordinal));
            Assert.Equal(
                ["A1 2026-10-01T09:30:00 Zoë Ødegård Ann O’Neil Trauma, and PTSD 25 5 945", "A2 2026-10-02T00:00:00 Zoë Ødegård Front \"desk\" £5 Sleep  1 189", "A3 2026-10-13T23:59:59 Bob Second; Client Sleep 1440 288 154432"],
                await EventsAsync(clinic));
        }
    }

    private static ColumnMapping Mapping => new() { Heads = HeadGuess.Of(Own.Split("\r\n")[0].Split(',')) };

    private Task<List<string>> EventsAsync(int clinic) => site.InAsync(clinic, async services =>
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        var rows = await (from usage in db.UsageEvents
                          join staff in db.StaffMembers on usage.StaffMemberId equals staff.Id
                          join program in db.Programs on usage.ProgramId equals program.Id
                          from client in db.Clients.Where(client => client.Id == usage.ClientId).DefaultIfEmpty()
                          from device in db.TopUpDevices.Where(device => device.Id == usage.TopUpDeviceId).DefaultIfEmpty()
                          orderby usage.EventId
                          select new { usage.EventId, usage.OccurredAt, Staff = staff.Name, Client = client == null ? device!.IdentityNote : client.Name, Program = program.Name, usage.DurationMinutes, usage.Credits, usage.CostPence }).ToListAsync();
        return rows.ConvertAll(row => $"{row.EventId} {row.OccurredAt:yyyy-MM-dd'T'HH:mm:ss} {row.Staff} {row.Client} {row.Program} {row.DurationMinutes} {row.Credits} {row.CostPence}");
    });

    /// <summary>With a profile of its own, so that no other office program is asked.</summary>
    private async Task ConvertAsync(string file, string to, params string[] options)
    {
        var start = new ProcessStartInfo("soffice") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[$"-env:UserInstallation=file://{Path.Combine(_folder.FullName, "profile")}", "--headless", "--convert-to", to, .. options, "--outdir", Path.GetDirectoryName(file)!, file]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0 && File.Exists(Path.ChangeExtension(file, to.Split(':')[0])), $"{await output}{await error}");
    }
}
