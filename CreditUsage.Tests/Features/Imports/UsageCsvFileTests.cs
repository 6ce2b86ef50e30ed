using System.Text;
using CreditUsage.Data;
using CreditUsage.Platform;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Imports;

/// <summary>What a file may look like, and how each fault of it is named.</summary>
public sealed class UsageCsvFileTests(Site site) : IClassFixture<Site>
{
    private static readonly string Good = CsvRow.Session("E1", "2026-10-01T09:30:00Z");

    public static TheoryData<string, string> RefusedWhole => new()
    {
        { "", "empty" },
        { "\uFEFF", "empty" },
        { CsvText.Header, "no events" },
        { CsvText.Header + "\r\n", "no events" },
        { CsvText.Of(Good).Replace("cost_gbp", "cost", StringComparison.Ordinal), "cost_gbp" },
        { Good, "event_id" },
        { CsvText.Of(Good).Replace("identity_note", "program", StringComparison.Ordinal), "identity_note" },
        { CsvText.Header + ",program\r\n" + Good + ",x", "program twice" },
        { "<!DOCTYPE html><html><body>Not found</body></html>", "column" },
        { "%PDF-1.4\n%\u00e2\u00e3", "column" },
    };

    [Theory]
    [MemberData(nameof(RefusedWhole))]
    public async Task A_file_without_the_right_columns_or_any_event_is_refused_in_words(string text, string word)
    {
        var problem = await Assert.ThrowsAnyAsync<UserFacingException>(async () => await site.ImportTextAsync(await ClinicAsync(), text));
        Assert.Contains(word, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(",,,,,,,,,,,,", 1, "1 row has no data and is left out.")]
    [InlineData(",,,,,,,,,,,,\r\n , ,\t,,,,,,,,,,\r\n,,,", 3, "3 rows have no data and are left out.")]
    [InlineData("\"\",\"\",,,,,,,,,,,", 1, "1 row has no data and is left out.")]
    public async Task Rows_with_nothing_in_any_field_are_left_out_and_counted(string empty, int rows, string note)
    {
        var clinic = await ClinicAsync();
        var text = CsvText.Of(Good, empty, CsvRow.Session("E2", "wrong"));
        var wrong = await site.ImportTextAsync(clinic, text);
        var right = await site.ImportTextAsync(clinic, CsvText.Of(empty, Good, empty));

        // Lines are counted as they stand in the file.
        Assert.Equal(3 + rows, Assert.Single(wrong.Errors).Line);
        Assert.Equal([note], wrong.Notes);
        Assert.Equal((1, 0, true), (right.Accepted, right.ErrorCount, right.Stored));
        Assert.Equal(1, await site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().UsageImports.Select(import => import.Rows).SingleAsync()));
    }

    [Fact]
    public async Task A_file_of_nothing_but_empty_rows_has_no_events()
    {
        var problem = await Assert.ThrowsAsync<UserFacingException>(async () => await site.ImportTextAsync(await ClinicAsync(), CsvText.Of(",,,,,,,,,,,,")));
        Assert.Contains("no events", problem.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Accepted => new()
    {
        CsvText.Of(Good),
        CsvText.Of(Good) + "\r\n",
        "\uFEFF" + CsvText.Of(Good),
        CsvText.Of(Good).Replace(',', ';'),
        CsvText.Of(Good).Replace(',', '\t'),
        "sep=;\r\n" + CsvText.Of(Good).Replace(',', ';'),
        CsvText.Of(Good).Replace("\r\n", "\n", StringComparison.Ordinal),
        CsvText.Of(Good).Replace("\r\n", "\r", StringComparison.Ordinal),
        CsvText.Of(Good, "", Good + "\n"),
        CsvText.Header.ToUpperInvariant().Replace(",", " , ", StringComparison.Ordinal) + "\r\n" + Good,
        CsvText.Header + ",remark\r\n" + Good + ",extra columns are nobody's business",
        string.Join(',', CsvText.Header.Split(',').Reverse()) + "\r\n" + string.Join(',', Good.Split(',').Reverse()),
        CsvText.Of("\"" + Good.Replace(",", "\",\"", StringComparison.Ordinal) + "\""),
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task Line_ends_marks_and_the_order_of_columns_do_not_matter(string text)
    {
        var clinic = await ClinicAsync();
        var result = await site.ImportTextAsync(clinic, text);
        Assert.Equal((1, 0, true), (result.Accepted, result.ErrorCount, result.Stored));
        var stored = await site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().UsageEvents.SingleAsync());
        Assert.Equal(("E1", new DateTimeOffset(2026, 10, 1, 9, 30, 0, TimeSpan.Zero), 25), (stored.EventId, stored.OccurredAt, stored.DurationMinutes));
    }

    public static TheoryData<byte[]> NotUtf8 => new()
    {
        new byte[] { 0xC3, 0x28 },
        new byte[] { 0xC0, 0xAF }, // overlong
        new byte[] { 0xED, 0xA0, 0x80 }, // half a surrogate pair
        new byte[] { 0xF4, 0x90, 0x80, 0x80 }, // past U+10FFFF
        new byte[] { 0x41, 0xE2, 0x82 }, // cut off
    };

    [Theory]
    [MemberData(nameof(NotUtf8))]
    public async Task Bytes_that_are_not_UTF_8_are_refused_with_their_line(byte[] name)
    {
        var bytes = Encoding.UTF8.GetBytes(CsvText.Of(Good, CsvRow.Session("E2", "2026-10-01T09:30:00Z", client: "@NAME@")));
        var at = bytes.AsSpan().IndexOf("@NAME@"u8);

        var result = await site.ImportAsync(await ClinicAsync(), [.. bytes[..at], .. name, .. bytes[(at + 6)..]]);

        var error = Assert.Single(result.Errors);
        Assert.Equal((3, "client_name", false), (error.Line, error.Field, result.Stored));
        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-16", true, "UTF-16")]
    [InlineData("utf-16BE", true, "UTF-16")]
    [InlineData("utf-16", false, "UTF-16")]
    [InlineData("utf-16BE", false, "UTF-16")]
    [InlineData("windows-1252", false, "Windows-1252")]
    public async Task Text_that_is_not_UTF_8_is_read_right_and_its_encoding_named(string encoding, bool marked, string named)
    {
        var clinic = await ClinicAsync();
        var other = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
        byte[] bytes = [.. marked ? other.GetPreamble() : [], .. other.GetBytes(CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z", client: "Zoë É. O’Neil", program: "Sleep £5"), CsvRow.Session("E2", "2026-10-01T09:30:00Z", minutes: 9999)))];

        var wrong = await site.ImportAsync(clinic, bytes);
        var right = await site.ImportAsync(clinic, bytes[..^(other.GetByteCount("\r\n" + CsvRow.Session("E2", "2026-10-01T09:30:00Z", minutes: 9999)))]);

        Assert.Equal((3, "duration_minutes"), (Assert.Single(wrong.Errors).Line, wrong.Errors[0].Field));
        Assert.Contains($"read as {named}, separated by commas", Assert.Single(right.Notes), StringComparison.Ordinal);
        Assert.Equal(["Zoë É. O’Neil"], await site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().Clients.Select(client => client.Name).ToListAsync()));
        Assert.Equal(["Sleep £5"], await site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().Programs.Select(program => program.Name).ToListAsync()));
    }

    [Fact]
    public async Task UTF_8_with_a_byte_that_is_broken_is_not_taken_for_Windows_1252()
    {
        var bytes = Encoding.UTF8.GetBytes(CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z", client: "Zoë"), CsvRow.Session("E2", "2026-10-01T09:30:00Z", client: "@")));
        bytes[Array.LastIndexOf(bytes, (byte)'@')] = 0xE9;

        var result = await site.ImportAsync(await ClinicAsync(), bytes);

        Assert.Equal((3, "client_name"), (Assert.Single(result.Errors).Line, result.Errors[0].Field));
    }

    [Fact]
    public async Task Zeros_that_a_spreadsheet_dropped_from_a_device_id_are_put_back_and_said()
    {
        var clinic = await ClinicAsync();
        var result = await site.ImportTextAsync(clinic, CsvText.Of(
            CsvRow.TopUp("E1", "2026-10-01", device: "123456789"), CsvRow.TopUp("E2", "2026-10-02", device: "123456789"), CsvRow.TopUp("E3", "2026-10-02", device: "42"), CsvRow.TopUp("E4", "2026-10-02")));

        Assert.Equal(["3 device ids have lost their first zeros, as spreadsheets drop them; they were put back: 123456789 is 0123456789, 42 is 0000000042."], result.Notes);
        Assert.Equal(["0000000042", "0123456789", "1000000001"], await site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().TopUpDevices.OrderBy(device => device.DeviceId).Select(device => device.DeviceId).ToListAsync()));
    }

    [Fact]
    public async Task A_line_with_too_few_or_too_many_fields_is_refused_with_its_line_also_below_quoted_line_breaks()
    {
        var result = await site.ImportTextAsync(await ClinicAsync(), CsvText.Of(
            CsvRow.Session("E1", "2026-10-01T09:30:00Z", client: "Two\r\nlines"),
            CsvRow.Session("E2", "2026-10-01T09:30:00Z", client: "Three\nmore\rlines"),
            "E3,connected-session,2026-10-01T09:30:00Z",
            Good + ",one more",
            CsvRow.Session("E4", "2026-10-01T09:30:00Z", minutes: 9999)));

        Assert.Equal([(7, "row"), (8, "row"), (9, "duration_minutes")], result.Errors.Select(error => (error.Line, error.Field)));
    }

    [Fact]
    public async Task A_stray_quote_is_refused_with_its_line()
    {
        var result = await site.ImportTextAsync(await ClinicAsync(), CsvText.Of(Good, CsvRow.Session("E2", "2026-10-01T09:30:00Z", client: "NAME").Replace("NAME", "\"Ann\" Client", StringComparison.Ordinal)));
        Assert.Equal((3, "row"), (Assert.Single(result.Errors).Line, result.Errors[0].Field));
    }

    [Theory]
    [InlineData("O'Brien, \"Bob\"", "O'Brien, \"Bob\"")]
    [InlineData("two\r\nlines", "two lines")]
    [InlineData("  tab\tand   spaces ", "tab and spaces")]
    [InlineData("NBSP\u00A0and\u2028line", "NBSP and line")]
    [InlineData("Zoe\u0308", "Zo\u00eb")]
    [InlineData("=HYPERLINK(\"http://x/?\"&A1)", "=HYPERLINK(\"http://x/?\"&A1)")]
    [InlineData("NULL", "NULL")]
    [InlineData("0", "0")]
    [InlineData("' OR 1=1 --", "' OR 1=1 --")]
    [InlineData("Robert'); DROP TABLE Clients;--", "Robert'); DROP TABLE Clients;--")]
    [InlineData("50%_\\", "50%_\\")]
    [InlineData("\u0410nna", "\u0410nna")]
    [InlineData("👩‍⚕️ 李 محمد", "👩‍⚕️ 李 محمد")]
    public async Task Awkward_names_are_kept(string name, string kept)
    {
        var clinic = await ClinicAsync();
        await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z", client: name));
        Assert.Equal([kept], await site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().Clients.Select(client => client.Name).ToListAsync()));
    }

    [Fact]
    public async Task Forms_of_one_name_are_one_client_and_a_homoglyph_is_another()
    {
        var clinic = await ClinicAsync();
        await site.ImportRowsAsync(
            clinic,
            CsvRow.Session("E1", "2026-10-01T09:30:00Z", client: "Anna Zo\u00eb"),
            CsvRow.Session("E2", "2026-10-01T09:31:00Z", client: "Anna  Zoe\u0308\u00A0"),
            CsvRow.Session("E3", "2026-10-01T09:32:00Z", client: "\u0410nna Zo\u00eb"));
        Assert.Equal(2, await site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().Clients.CountAsync()));
    }

    [Theory]
    [InlineData("Ac\0me")]
    [InlineData("be\u0007ll")]
    [InlineData("\u001b[31m")]
    [InlineData("gpj.\u202Eexe")]
    [InlineData("\u2066isolate\u2069")]
    [InlineData("non\uFFFEcharacter")]
    [InlineData("non\uFFFFcharacter")]
    public async Task Controls_in_a_name_are_refused_with_their_line(string name)
    {
        var result = await site.ImportRowsAsync(await ClinicAsync(), Good, CsvRow.Session("E2", "2026-10-01T09:30:00Z", client: name));
        Assert.Equal((3, "client_name"), (Assert.Single(result.Errors).Line, result.Errors[0].Field));
    }

    private Task<int> ClinicAsync() => site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
}
