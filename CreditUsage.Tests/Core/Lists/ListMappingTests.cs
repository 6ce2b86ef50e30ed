using System.Text;
using CreditUsage.Core.Lists;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.Options;

namespace CreditUsage.Tests.Core.Lists;

/// <summary>What becomes of a file before anybody knows what its rows mean.</summary>
public sealed class ListMappingTests
{
    private static readonly IReadOnlyList<ListColumn> Columns =
    [
        new("day", "Day", ListValues.Day) { AlsoCalled = ["date"] }, new("paid_gbp", "Pounds paid", ListValues.Number) { Or = "net_gbp", AlsoCalled = ["total"] },
        new("net_gbp", "Net pounds", ListValues.Number) { Optional = true }, new("note", "Note") { Optional = true, AlsoCalled = ["comment"] },
    ];

    [Theory]
    [InlineData("day,paid_gbp,note")]
    [InlineData("DAY,Paid GBP,Comment")]
    [InlineData("Date,Pounds paid,note")]
    [InlineData("Date,TOTAL,Note")]
    public async Task Heads_are_recognised_whatever_their_case_signs_and_order(string heads)
    {
        foreach (var reversed in new[] { false, true })
        {
            string Order(string line) => reversed ? string.Join(',', line.Split(',').Reverse()) : line;
            var row = Assert.Single(await ReadAsync($"{Order(heads)}\r\n{Order("31/10/2026,\u00A3540.00,First")}\r\n"));
            Assert.Equal(("2026-10-31", "540.00", "First", ""), (row["day"], row["paid_gbp"], row["note"], row["net_gbp"]));
        }
    }

    [Fact]
    public async Task What_is_not_recognised_is_asked_for_and_one_of_two_columns_is_enough()
    {
        var table = await TableAsync("When;Net pounds\r\n31.10.2026;1.234,50\r\n");
        var mapping = ListMapping.Guess(Columns, table);
        Assert.Equal(["day"], mapping.Missing(Columns).Select(column => column.Name));
        Assert.Equal((DateStyle.Unsaid, true), (mapping.Dates, mapping.DecimalComma));
        var chosen = mapping with { Places = new Dictionary<string, int>(mapping.Places) { ["day"] = 0 } };
        Assert.Empty(chosen.Missing(Columns));
        var row = Assert.Single(chosen.Read(Columns, table));
        Assert.Equal(("2026-10-31", "1234.50"), (row["day"], row["net_gbp"]));
    }

    [Theory]
    [InlineData("01/02/2026,5", "Day: \"01/02/2026\" can be 1 February or 2 January; choose in Your columns how the file writes its dates.")]
    [InlineData("2026-10-01,1.250", "Pounds paid: 1.250 can be a number with decimals or a thousand; write it without the point, or choose in Your columns that the decimal sign is a comma.")]
    [InlineData("2026-10-01 09:30,5", "Day: \"2026-10-01 09:30\" has a time; write the day alone.")]
    [InlineData("2026-10-01,5,6", "This line has 3 fields where the first has 2; look for a missing comma, or a field with a comma that needs quotes.")]
    public async Task What_can_be_read_in_two_ways_or_in_none_is_refused_with_its_line(string line, string fault)
    {
        var row = (await ReadAsync($"day,paid_gbp\r\n\r\n{line}\r\n")).Single();
        var found = Assert.Single(row.Faults);
        Assert.Equal((3, fault), (found.Line, found.Column is null ? found.Message : $"{found.Column}: {found.Message}"));
    }

    [Fact]
    public async Task A_choice_settles_what_can_be_read_in_two_ways()
    {
        var table = await TableAsync("day,paid_gbp\r\n01/02/2026,1.250\r\n");
        var guessed = ListMapping.Guess(Columns, table);
        Assert.Equal(("2026-02-01", "1250"), Values((guessed with { Dates = DateStyle.DayFirst, DecimalComma = true }).Read(Columns, table)[0]));
        Assert.Equal("2026-01-02", (guessed with { Dates = DateStyle.MonthFirst }).Read(Columns, table)[0]["day"]);

        static (string, string) Values(ListRow row) => (row["day"], row["paid_gbp"]);
    }

    [Fact]
    public async Task A_workbook_is_read_as_the_text_it_shows()
    {
        var workbook = ListUploads.Workbook([new() { ["Date"] = new DateTime(2026, 10, 31), ["Total"] = 540.25, ["Comment"] = "Zo\u00EB" }]);
        var table = await TableAsync(workbook);
        var row = Assert.Single(ListMapping.Guess(Columns, table).Read(Columns, table));
        Assert.Equal(("an Excel workbook", "2026-10-31", "540.25", "Zo\u00EB"), (table.Format.Name, row["day"], row["paid_gbp"], row["note"]));
    }

    [Theory]
    [InlineData("", "The file is empty. It needs column names in the first line and one line for each row.")]
    [InlineData("day,paid_gbp\r\n,\r\n", "The file has no rows below its column names.")]
    [InlineData("%PDF-1.7", "The file is a PDF. It must be text with column names in the first line, as a spreadsheet saves it as CSV, or an Excel workbook (.xlsx).")]
    [InlineData("day,paid_gbp\r\n1,1\r\n1,1\r\n1,1\r\n", "The file has more than 2 rows. Split it into smaller files, each with the column names.")]
    public async Task A_file_that_is_no_list_is_refused_in_a_sentence(string text, string sentence) =>
        Assert.Equal(sentence, (await Assert.ThrowsAsync<UserFacingException>(() => TableAsync(text, maxRows: 2))).Message);

    [Fact]
    public async Task A_cell_that_nobody_types_is_refused_and_kept_nowhere()
    {
        var row = (await ReadAsync($"day,paid_gbp,note\r\n2026-10-01,5,{new string('x', 5000)}\r\n")).Single();
        Assert.Equal(("This has more than 4096 bytes; shorten it.", ""), (Assert.Single(row.Faults).Message, row["note"]));
    }

    private static async Task<IReadOnlyList<ListRow>> ReadAsync(string text)
    {
        var table = await TableAsync(text);
        return ListMapping.Guess(Columns, table).Read(Columns, table);
    }

    private static Task<ListTable> TableAsync(string text, int maxRows = 100) => TableAsync(Encoding.UTF8.GetBytes(text), maxRows);

    private static Task<ListTable> TableAsync(byte[] file, int maxRows = 100) => new ReadList(Options.Create(new CreditUsageOptions { DataPath = Path.GetTempPath() })).RunAsync(file, maxRows, CancellationToken.None);
}
