using System.Globalization;
using System.Text;
using System.Text.Json;
using CreditUsage.Core;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Commands;

/// <summary>The verbs: exit code 0 done, 1 failed, 2 wrong usage; errors on standard error.</summary>
public sealed class VerbTests : IDisposable
{
    private readonly SiteProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_clinic_is_set_up_filled_and_reported_from_the_command_line()
    {
        var created = await _program.RunAsync("create-subscription", "--name", "Awkward & <Sons>", "--start", "2026-06-01");
        Assert.Equal((0, "1\n", ""), created);

        var typed = await _program.RunProcessAsync("correct horse battery", [], "create-user", "--email", "typed@clinic.example", "--subscription", "1", "--role", "Auditor");
        Assert.Equal((0, "Created typed@clinic.example.\n", ""), typed);
        var generated = await _program.RunProcessAsync(null, [], "create-user", "--email", "made@clinic.example", "--subscription", "1", "--role", "FinanceAdministrator");
        Assert.Matches("^Created made@clinic.example.\nIt is good for 24 hours, in which another must be chosen.\nPassword: [A-Za-z0-9]{23}\n$", generated.Output);
        var priced = await _program.RunAsync("set-price", "--subscription", "1", "--from", "2026-06-01", "--gbp", "0.525");
        Assert.Equal((0, "A credit costs £0.525 from 2026-06-01 on.\n", ""), priced);
        var again = await _program.RunAsync("set-price", "--subscription", "1", "--from", "2026-06-01", "--gbp", "0.53");
        Assert.Equal((1, ""), (again.ExitCode, again.Output));
        Assert.Contains("01/06/2026", again.Errors, StringComparison.Ordinal);

        var rows = SharedData.Rows(SharedData.Awkward).Count;
        var dry = await _program.RunAsync("import", SharedData.Awkward, "--subscription", "1", "--dry-run");
        var months = SharedData.Totals("usage-awkward-totals.csv").Where(total => total.Events > 0).Select(total =>
            string.Create(Display.British, $"{total.Month} {total.Kind}: {total.Events:N0} events, {total.Credits:N0} credits, £{total.CostPence / 100m:N2}; there already: 0 events, 0 credits, £0.00\n"));
        Assert.Equal((0, $"{rows} would be accepted, 0 duplicates, 0 errors\n{string.Concat(months)}Nothing was stored: this was a dry run.\n", ""), dry);
        Assert.Equal((0, $"{rows} accepted, 0 duplicates, 0 errors\n", ""), await _program.RunAsync("import", SharedData.Awkward, "--subscription", "1"));
        Assert.Equal((0, $"0 accepted, {rows} duplicates, 0 errors\n", ""), await _program.RunAsync("import", SharedData.Awkward, "--subscription", "1"));

        await ReportsAddUpAsync();
    }

    [Fact]
    public async Task A_bad_file_is_refused_with_its_lines_on_standard_error()
    {
        await _program.RunAsync("create-subscription", "--name", "Clinic", "--start", "2026-01-01");
        var bad = _program.PathOf("bad.csv");
        await File.WriteAllTextAsync(bad, CsvText.Of([CsvRow.Session("Good", "2026-10-01T09:30:00Z"), .. Enumerable.Range(1, 1001).Select(i => CsvRow.Session($"E{i}", "yesterday"))]));

        var (exitCode, output, errors) = await _program.RunAsync("import", bad, "--subscription", "1");

        Assert.Equal((1, "1 would be accepted, 0 duplicates, 1001 errors\n"), (exitCode, output));
        var lines = errors.Split('\n');
        Assert.StartsWith("line 3: occurred_at: \"yesterday\" is not an instant", lines[0], StringComparison.Ordinal);
        Assert.Equal(["line 1002", "and 1 more", "Nothing was stored. Correct the lines above and import the file again.", ""], lines[999..].Select(line => line.StartsWith("line", StringComparison.Ordinal) ? line.Split(':')[0] : line));
    }

    [Fact]
    public async Task An_import_says_how_many_rows_were_empty()
    {
        await _program.RunAsync("create-subscription", "--name", "Clinic", "--start", "2026-01-01");
        var file = _program.PathOf("sheet.csv");
        await File.WriteAllTextAsync(file, CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z"), ",,,,,,,,,,,,", ",,,,,,,,,,,,"));

        Assert.Equal((0, "1 accepted, 0 duplicates, 0 errors\n2 rows have no data and are left out.\n", ""), await _program.RunAsync("import", file, "--subscription", "1"));
    }

    [Fact]
    public async Task What_cannot_be_done_fails_in_a_line()
    {
        await _program.RunAsync("create-subscription", "--name", "Clinic", "--start", "2026-01-01");
        string[] report = ["report", "--subscription", "1", "--format", "csv", "--out", _program.PathOf("out.csv"), "--month"];
        await FailsAsync(1, "has not started", [.. report, "2099-01"]);
        await FailsAsync(1, "There is no subscription 7", "import", SharedData.Awkward, "--subscription", "7");
        await FailsAsync(1, "cannot be read", "import", _program.PathOf("nothing.csv"), "--subscription", "1");
        await FailsAsync(2, "month", [.. report, "October"]);
        Assert.False(File.Exists(_program.PathOf("out.csv")));
    }

    [Fact]
    public async Task Wrong_usage_is_2()
    {
        await FailsAsync(2, "balance", "balance");
        await FailsAsync(2, "--start", "create-subscription", "--name", "Clinic");
        await FailsAsync(2, "0,45", "set-price", "--subscription", "1", "--from", "2026-06-01", "--gbp", "0,45");
        await FailsAsync(2, "Owner", "create-user", "--email", "a@b.example", "--subscription", "1", "--role", "Owner");
        await FailsAsync(2, "--accountant", "report", "--subscription", "1", "--month", "2026-09", "--format", "csv", "--out", _program.PathOf("out.csv"), "--hide-programs");
        Assert.False(Directory.Exists(_program.PathOf("data")));
    }

    [Theory]
    [InlineData("CreditUsage:Nonsense", "1", "CreditUsage:Nonsense")]
    [InlineData("CreditUsage:Pdf:Nonsense", "1", "CreditUsage:Pdf:Nonsense")]
    [InlineData("CreditUsage:Database:Provider", "Oracle", "CreditUsage:Database:Provider")]
    [InlineData("CreditUsage:Database:Provider", "7", "Database.Provider")]
    [InlineData("CreditUsage:Pdf:TimeoutSeconds", "abc", "TimeoutSeconds")]
    [InlineData("CreditUsage:Pdf:TimeoutSeconds", "0", "TimeoutSeconds")]
    public async Task A_setting_that_is_unknown_or_malformed_stops_the_start_with_its_name(string name, string value, string named) =>
        AssertStopped(named, await _program.RunAsync("migrate", $"--{name}={value}"));

    [Fact]
    public async Task A_setting_of_the_environment_that_is_wrong_stops_the_start_with_its_name() =>
        AssertStopped("CreditUsage:Nonsense", await _program.RunProcessAsync(null, [("CreditUsage__Nonsense", "1")], "migrate"));

    private static void AssertStopped(string named, (int ExitCode, string Output, string Errors) ended)
    {
        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(named, ended.Errors, StringComparison.Ordinal);
        Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private async Task ReportsAddUpAsync()
    {
        var expected = SharedData.Totals("usage-awkward-totals.csv").Where(total => total.Month == "2026-09").ToDictionary(total => total.Kind);
        using var json = JsonDocument.Parse(await ReportAsync("json"));
        Assert.Equal(Figures(expected["connected-session"]), Figures(json, "sessions"));
        Assert.Equal(Figures(expected["daily-top-up"]), Figures(json, "topUps"));
        Assert.Equal(expected.Values.Sum(total => total.Events), json.RootElement.GetProperty("rows").GetArrayLength());

        var csv = await ReportAsync("csv", "--sessions");
        Assert.True(csv.AsSpan().StartsWith(Encoding.UTF8.GetPreamble()));
        var lines = Encoding.UTF8.GetString(csv.AsSpan(3)).Split("\r\n");
        Assert.Equal("Date (GMT),Time (GMT),Kind,Staff,Client,Program,Device,Duration (minutes),Credits,Cost (GBP),Event,Note", lines[0]);
        Assert.Equal((expected["connected-session"].Events + 2, ""), (lines.Length, lines[^1]));
        Assert.Equal(expected["connected-session"].CostPence, lines[1..^1].Sum(line => (long)(decimal.Parse(line.Split(',')[^3], CultureInfo.InvariantCulture) * 100)));

        var html = Encoding.UTF8.GetString(await ReportAsync("html", "--top-ups"));
        Assert.Equal(expected["daily-top-up"].Events, html.Split("data-event-id=").Length - 1);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", html, StringComparison.Ordinal);

        var sheet = XlsxRead.Open(await ReportAsync("xlsx", "--accountant", "--hide-programs"), "Report");
        Assert.Equal(expected.Values.Sum(total => total.CostPence) / 100m, sheet.Calculate($"J{sheet.LastRow}"));
        Assert.Equal(["Program hidden"], sheet.Column('F', 2, expected.Values.Sum(total => total.Events) + 1).Distinct());

        using var pdf = PdfRead.Open(await ReportAsync("pdf"));
        Assert.Equal(expected.Values.Sum(total => total.Events) + 3, pdf.Amounts().Count());
        Assert.Empty(Directory.EnumerateFiles(_program.Folder, "*.unfinished"));
    }

    private async Task<byte[]> ReportAsync(string format, params string[] more)
    {
        var path = _program.PathOf("report." + format);
        Assert.Equal((0, "", ""), await _program.RunAsync(["report", "--subscription", "1", "--month", "2026-09", "--format", format, "--out", path, .. more]));
        return await File.ReadAllBytesAsync(path);
    }

    private static (int, long, long) Figures(ExpectedTotal total) => (total.Events, total.Credits, total.CostPence);

    private static (int, long, long) Figures(JsonDocument json, string kind)
    {
        var total = json.RootElement.GetProperty("totals").GetProperty(kind);
        return (total.GetProperty("events").GetInt32(), total.GetProperty("credits").GetInt64(), total.GetProperty("costPence").GetInt64());
    }

    private async Task FailsAsync(int code, string word, params string[] words)
    {
        var (exitCode, output, errors) = await _program.RunAsync(words);
        Assert.Equal((code, ""), (exitCode, output));
        Assert.Contains(word, errors, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
