using System.Net;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Core.Report;

/// <summary>What a text that is typed finds among the names.</summary>
public sealed class NameSearchTests(NameSearchTests.NamedClinic clinic) : IClassFixture<NameSearchTests.NamedClinic>
{
    private static readonly string[] Apostrophes = ["'", "\u2018", "\u2019", "\u02BC", "\u02BB", "`", "\u00B4", "\u2032", "\uFF07"];

    [Theory]
    [InlineData("\u0142", "Pawe\u0142 B\u0105k,Pavel Bak,MUELLER Lutz,Gro\u00DFe Ella")]
    [InlineData("pawe\u0142", "Pawe\u0142 B\u0105k")]
    [InlineData("b\u0105k", "Pawe\u0142 B\u0105k,Pavel Bak")]
    [InlineData("b\u00E4k", "Pavel Bak")]
    [InlineData("bak", "Pawe\u0142 B\u0105k,Pavel Bak")]
    [InlineData("\u013Eubomir", "\u013Dubom\u00EDr Kov\u00E1\u010D")]
    [InlineData("lubomir", "\u013Dubom\u00EDr Kov\u00E1\u010D")]
    [InlineData("\u0142ubomir", "")]
    [InlineData("kovac", "\u013Dubom\u00EDr Kov\u00E1\u010D")]
    [InlineData("kova\u0107", "")]
    [InlineData("grosse", "Gro\u00DFe Ella")]
    [InlineData("GRO\u00DFE", "Gro\u00DFe Ella")]
    public async Task A_plain_letter_finds_all_of_its_kind_and_an_accented_one_itself_and_the_plain_one(string typed, string found) =>
        Assert.Equal(found.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), await FoundAsync(typed));

    [Fact]
    public async Task An_apostrophe_of_any_kind_finds_the_name_with_any_other()
    {
        string[] names = ["Ann O'Brien", "Bea O\u2019Brien"];
        foreach (var apostrophe in Apostrophes) Assert.Equal(names, await FoundAsync($"o{apostrophe}brien"));
        Assert.Empty(await FoundAsync("o brien"));
    }

    [Theory]
    [InlineData("a\uFFFFb")]
    [InlineData("a\u0001b")]
    public async Task A_text_that_no_file_could_hold_is_refused(string typed)
    {
        using var finance = await Visitor.SignedInAsync(clinic.Site, NamedClinic.Finance);
        using var answer = await finance.GetAsync($"/usage-report/xlsx?year=2026&month=10&sessions=true&q={Uri.EscapeDataString(typed)}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("has a character that cannot be printed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<IEnumerable<string>> FoundAsync(string typed)
    {
        using var finance = await Visitor.SignedInAsync(clinic.Site, NamedClinic.Finance);
        return (await finance.PageAsync($"/usage-report?year=2026&month=10&sessions=true&q={Uri.EscapeDataString(typed)}")).Column(3).Order(StringComparer.Ordinal);
    }

    public sealed class NamedClinic : IAsyncLifetime
    {
        public const string Finance = "finance@named.example";

        public Site Site { get; } = new();

        public async Task InitializeAsync()
        {
            Site.UseKestrel(0);
            Site.StartServer();
            var id = await Site.SubscriptionAsync("Named Clinic", new DateOnly(2026, 1, 1));
            await Site.UserAsync(id, Finance, Roles.FinanceAdministrator);
            string[] names = ["Pawe\u0142 B\u0105k", "Pavel Bak", "\u013Dubom\u00EDr Kov\u00E1\u010D", "MUELLER Lutz", "Gro\u00DFe Ella", "Ann O'Brien", "Bea O\u2019Brien"];
            var rows = names.Select((name, place) => CsvRow.Line($"N{place}", "connected-session", "2026-10-01T09:30:00Z", "S1", "Sam Staff", $"C{place}", name, "Sport", "", "", "25", "", "")).ToArray();
            Assert.True((await Site.ImportRowsAsync(id, rows)).Stored);
        }

        public Task DisposeAsync() => Site.DisposeAsync().AsTask();
    }
}
