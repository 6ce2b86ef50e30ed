using System.Net;
using System.Text;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using static CreditUsage.Tests.Features.Schedules.ChargedSite;

namespace CreditUsage.Tests.Features.Schedules;

/// <summary>The clock stands at 22 November 2026, 12:00 UTC.</summary>
public sealed class SchedulesByFileTests : IAsyncLifetime
{
    private const string Page = "/schedules/by-file";
    private const string Finance = "finance@clinic.example";

    private readonly Site _site = new();
    private int _clinic;

    public async Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.ClinicAsync();
        await _site.UserAsync(_clinic, Finance, Roles.FinanceAdministrator);
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task A_Windows_file_is_added_with_names_that_are_known_and_its_past_days_are_charged_at_once()
    {
        await _site.ImportRowsAsync(_clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.TopUp("T1", "2026-11-19", "0123456789"));
        await _site.ScheduleAsync(_clinic, Schedule("0000000007", "2026-11-01", "2026-11-30", client: "Zo\u00EB Known"));
        Assert.Null(await _site.ChargingAsync(_clinic, new DateOnly(2026, 11, 18)));
        // The schedule that is there, first, so that what the file adds can be told apart.
        Assert.Equal(4, await _site.ChargeAsync(_clinic));
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var file = CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(string.Join("\r\n",
            "Card\tProgramme\tClient no\tClient\tNote\tTherapist no\tTherapist\tFrom\tUntil",
            "123456789\tSleep\tC1\t\t\tS1\t\t17/11/2026\t",
            "0000000007\tSleep\tC1\t\tFront desk\tS1\t\t01/11/2026\t30/11/2026",
            "0000000008\tSleep\t\t\tZo\u00EB\u2019s desk\tS9\tFran\u00E7oise\t30/11/2026\t31/12/2026"));
        var preview = await finance.PreviewAsync(Page, file, "cards.tsv");

        Assert.StartsWith("cards.tsv is read as Windows-1252, separated by tabs.", preview.QuerySelector("[data-format]")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(ListUploads.Faults(preview));
        Assert.Equal(("2", "1"), ListUploads.Counts(preview));
        var rows = ListUploads.Rows(preview);
        Assert.EndsWith("17/11/2026 | Until it is ended | New", rows[0], StringComparison.Ordinal);
        Assert.EndsWith("| There already", rows[1], StringComparison.Ordinal);
        Assert.Equal("4 | 0000000008 | Sleep | No client: Zo\u00EB\u2019s desk | Fran\u00E7oise (S9) | 30/11/2026 | 31/12/2026 | New", rows[2]);
        Assert.Equal(["1 device id has lost its first zeros, as spreadsheets drop them; they were put back.", "3 days are over and will be charged at once, with 3 credits."], preview.QuerySelectorAll("[data-note]").Select(note => note.TextContent));
        Assert.Single(await _site.SchedulesAsync(_clinic));

        Assert.Equal("2 top-up schedules added. 1 row was there already. 3 past days were charged.", (await finance.ConfirmAsync(Page, preview)).QuerySelector("[role=status]")!.TextContent);
        Assert.Equal(["0000000007", "0123456789", "0000000008"], (await _site.SchedulesAsync(_clinic)).Select(schedule => schedule.DeviceId));
        Assert.Equal("Nothing new: all 3 top-up schedules of this file are there already.", (await finance.ConfirmAsync(Page, preview)).QuerySelector("[role=status]")!.TextContent);
        Assert.Equal(3, (await _site.SchedulesAsync(_clinic)).Count);
        Assert.Equal(4, (await _site.AuditAsync(_clinic)).Count(entry => entry.StartsWith("Schedule |", StringComparison.Ordinal) || entry.StartsWith("Import | File", StringComparison.Ordinal) && entry.Contains("2 top-up schedules stored, 1 there already", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Any_error_refuses_the_whole_with_its_line_and_reason()
    {
        await _site.ScheduleAsync(_clinic, Schedule("0000000011", "2026-11-01", "2026-11-30"));
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var preview = await finance.PreviewAsync(Page, "device_id,program,client_id,client_name,identity_note,staff_id,staff_name,first_day,last_day",
            "0000000011,Sleep,,,,S1,Sam,2026-11-15,", "0000000002,Sleep,,,,S1,Sam,2026-12-01,2026-12-31", "0000000002,Sleep,,,,S1,Sam,2026-12-31,", "card,,C9,,,S1,Sam,2023-12-31,2023-12-01", "0000000003,Sleep,,,,S1,Sam,,");
        Assert.Equal(
        [
            "2 Device id: Device 0000000011 has a schedule from 1 November 2026 to 30 November 2026; end that one first, or choose days outside it.",
            "4 Device id: Line 3 has device 0000000002 on some of these days too; a device has one schedule a day.",
            "5 Device id: \"card\" is not a device id; write its ten digits.", "5 Program: This is empty; write the name.", "5 Client name: This is empty; write the name.",
            "5 First day: This is before the subscription's start; write 2024-01-01 or a later day.", "5 Last day: This is before the first day; write the first day or a later one.",
            "6 First day: This is empty; write the day.",
        ], ListUploads.Faults(preview));
        using var forced = await finance.SendAsync(Page, preview, "Store");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, forced.StatusCode);
        Assert.Single(await _site.SchedulesAsync(_clinic));
        Assert.Equal(("2", "0"), ListUploads.Counts(await finance.PreviewAsync(Page, await finance.Http.GetByteArrayAsync(new Uri(Page + "?handler=Sample", UriKind.Relative)))));
    }
}
